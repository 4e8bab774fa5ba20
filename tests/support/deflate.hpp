// zlib streams for tests: the product only reads them.
#pragma once

#include <zlib.h>

#include <stdexcept>

#include "core/base/bytes.hpp"

namespace paso::test {

inline Bytes deflated(ByteView bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    Bytes out(size);
    if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uLong>(bytes.size()), 9) != Z_OK)
        throw std::runtime_error("zlib");
    out.resize(size);
    return out;
}

}  // namespace paso::test
