# Precompiled headers: what nearly every file includes is read once. Presets gcc and debug read each file's own includes, so
# that a missing one is found there: gcc, in the check, those of the rooms without coroutines.
option(PASO_PRECOMPILED "Read the common headers once" OFF)
if(PASO_PRECOMPILED)
  # One set of flags for all, or clang does not take them; ccache does not keep them without the second.
  add_compile_options(-pthread "SHELL:-Xclang -fno-pch-timestamp")
endif()

# A target that owns one set of headers, and its libraries.
function(paso_precompiled_set name)
  cmake_parse_arguments(A "" "" "HEADERS;LIBRARIES" ${ARGN})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp CONTENT "// ${name}: no code, its headers are what counts.\n")
  add_library(paso_headers_${name} OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp)
  target_link_libraries(paso_headers_${name} PRIVATE ${A_LIBRARIES})
  target_precompile_headers(paso_headers_${name} PRIVATE ${A_HEADERS})
  if(name MATCHES "test")
    target_compile_options(paso_headers_${name} PRIVATE -O0)  # as paso_test does
  endif()
endfunction()

set(PASO_COMMON_HEADERS <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set> <span> <string> <string_view>
  <variant> <vector> <tl/expected.hpp>)
set(PASO_NETWORK_HEADERS <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp> <boost/asio/bind_cancellation_slot.hpp>
  <boost/asio/co_spawn.hpp> <boost/asio/detached.hpp> <boost/asio/io_context.hpp> <boost/asio/post.hpp> <boost/asio/read.hpp>
  <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp> <boost/asio/write.hpp>
  <boost/asio/experimental/awaitable_operators.hpp>)
if(PASO_PRECOMPILED)
  paso_precompiled_set(common HEADERS ${PASO_COMMON_HEADERS})
  paso_precompiled_set(network HEADERS ${PASO_COMMON_HEADERS} ${PASO_NETWORK_HEADERS} LIBRARIES paso_asio)
  paso_precompiled_set(test HEADERS ${PASO_COMMON_HEADERS} <catch2/catch.hpp> LIBRARIES paso_catch_strings)
  paso_precompiled_set(network_test HEADERS ${PASO_COMMON_HEADERS} ${PASO_NETWORK_HEADERS} <catch2/catch.hpp>
    LIBRARIES paso_asio paso_catch_strings)
endif()

# The set for a target that uses these rooms and libraries. KIND is empty or _test.
function(paso_precompiled target kind uses system)
  if(NOT PASO_PRECOMPILED)
    return()
  endif()
  if("asio" IN_LIST system OR "sync/net" IN_LIST uses)
    set(set network${kind})
  elseif(kind)
    set(set test)
  else()
    set(set common)
  endif()
  target_precompile_headers(${target} REUSE_FROM paso_headers_${set})
endfunction()
