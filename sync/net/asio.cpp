// The one place where Asio's separately compiled sources are built.
#include <boost/asio/impl/src.hpp>
