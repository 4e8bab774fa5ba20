// The one place where Asio's separately compiled TLS sources are built.
#include <boost/asio/ssl/impl/src.hpp>
