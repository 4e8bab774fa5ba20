// Files in memory.
#pragma once

#include <map>
#include <string>

#include "core/env/env.hpp"

namespace paso::test {

class MemoryFiles final : public Files {
  public:
    std::map<std::string, Bytes> content;
    [[nodiscard]] Result<Bytes> read(const std::string& path, std::size_t limit) override {
        const auto at = content.find(path);
        if (at == content.end()) return fail("file.missing", path);
        if (at->second.size() > limit) return fail("file.too_large", path);
        return at->second;
    }
    [[nodiscard]] Status replace(const std::string& path, ByteView bytes, bool) override {
        content[path] = to_bytes(bytes);
        return {};
    }
};

}  // namespace paso::test
