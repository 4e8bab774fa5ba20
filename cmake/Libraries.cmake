# Every library the house may name in SYSTEM: the pattern of its headers (for the rooms check) and the target to link.
# One table, so that what a room may include and what it links can never disagree.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(FREETYPE REQUIRED IMPORTED_TARGET freetype2)
find_package(CLI11 REQUIRED)
find_package(ZXing REQUIRED)

# Debian's opencv modules come without a CMake config unless all of OpenCV is installed.
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(module core imgproc dnn)
  find_library(OPENCV_${module} opencv_${module} REQUIRED)
  add_library(paso_opencv_${module} SHARED IMPORTED)
  set_target_properties(paso_opencv_${module} PROPERTIES IMPORTED_LOCATION ${OPENCV_${module}}
    INTERFACE_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE} INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE})
endforeach()

add_library(paso_asio INTERFACE)
target_include_directories(paso_asio SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_compile_definitions(paso_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_libraries(paso_asio INTERFACE Threads::Threads)

# toml++ as headers, without exceptions: the packaged library is built with them and reads files.
find_path(TOMLPP_INCLUDE toml++/toml.h REQUIRED)
add_library(paso_toml INTERFACE)
target_compile_definitions(paso_toml INTERFACE TOML_HEADER_ONLY=1 TOML_EXCEPTIONS=0 TOML_ENABLE_FORMATTERS=0)
# Its parser asserts what a hostile file need not hold ("[[=" ends the program), and has an error for it one branch further.
# Never with NDEBUG: the assertions then become assumptions. core/encoding/toml_guard.hpp stands before every parse.
target_compile_options(paso_toml INTERFACE "-DTOML_ASSERT(expr)=static_cast<void>(0)" -UNDEBUG)

# Catch2 with every string it can write; one definition for each file that includes it.
add_library(paso_catch_strings INTERFACE)
target_compile_definitions(paso_catch_strings INTERFACE CATCH_CONFIG_ENABLE_ALL_STRINGMAKERS)

macro(paso_library name pattern)
  set(PASO_SYS_${name}_HEADERS "${pattern}")
  set(PASO_SYS_${name}_TARGETS ${ARGN})
  list(APPEND PASO_SYS_NAMES ${name})
endmacro()
set(PASO_SYS_NAMES)
paso_library(tl "^tl/expected\\.hpp$")
paso_library(posix "^(sys/[a-z_]+|unistd|fcntl|termios|poll|spawn|signal|dlfcn|time|pthread|sched|netdb|arpa/inet|netinet/[a-z]+)\\.h$" Threads::Threads)
paso_library(linux "^linux/[a-z0-9_]+\\.h$")
paso_library(asio "^boost/(asio|system)" paso_asio)
paso_library(beast "^boost/(beast|asio|system|optional)" paso_asio)
paso_library(boost_json "^boost/(json|system)" paso_asio)
paso_library(openssl "^openssl/[a-z0-9_]+\\.h$" OpenSSL::Crypto)
paso_library(openssl_tls "^(openssl/[a-z0-9_]+\\.h|boost/asio/ssl)" OpenSSL::SSL OpenSSL::Crypto paso_asio)
paso_library(sodium "^sodium\\.h$" PkgConfig::SODIUM)
paso_library(zlib "^zlib\\.h$" ZLIB::ZLIB)
paso_library(toml "^toml[+][+]/toml[.]h$" paso_toml)
paso_library(sqlite "^sqlite3\\.h$" PkgConfig::SQLITE)
paso_library(opencv "^opencv2/(core|imgproc|dnn)" paso_opencv_core paso_opencv_imgproc paso_opencv_dnn)
paso_library(zxing "^ZXing/" ZXing::ZXing)
paso_library(turbojpeg "^turbojpeg\\.h$" PkgConfig::TURBOJPEG)
paso_library(png "^png\\.h$" PkgConfig::PNG)
paso_library(freetype "^(ft2build\\.h|freetype/)" PkgConfig::FREETYPE)
paso_library(cli11 "^CLI/CLI\\.hpp$" CLI11::CLI11)
