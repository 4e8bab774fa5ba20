// Deterministic CBOR (RFC 8949 section 4.2): the one canonical form of every stored or signed value. Writer appends,
// Reader walks a view without copying. Both are bounded: depth at most 16, lengths checked against what is there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

// Writes values in order. The caller writes map keys ascending (integers: 0, 1, 2, ... then -1, -2, ...), which the
// reader checks; array(n) and map(n) announce n items or pairs that follow.
class CborWriter {
  public:
    CborWriter& unsigned_integer(std::uint64_t value);
    CborWriter& integer(std::int64_t value);
    CborWriter& bytes(ByteView value);
    CborWriter& text(std::string_view value);  // UTF-8
    CborWriter& array(std::uint64_t items);
    CborWriter& map(std::uint64_t pairs);
    CborWriter& boolean(bool value);
    CborWriter& null();
    CborWriter& raw(ByteView encoded);  // one item that is canonical already
    // The key of a map entry whose keys are small integers.
    CborWriter& key(std::int64_t k) { return integer(k); }
    [[nodiscard]] const Bytes& view() const { return out_; }
    [[nodiscard]] Bytes take() { return std::move(out_); }

  private:
    void head(unsigned major, std::uint64_t value);
    Bytes out_;
};

enum class CborKind : std::uint8_t { unsigned_integer, negative_integer, bytes, text, array, map, boolean, null };

// Reads values in order. After the first error every further call fails with the same error, so a decoder may read a
// whole record and look once. Errors: "cbor.truncated", "cbor.not_canonical", "cbor.kind", "cbor.range", "cbor.utf8",
// "cbor.depth", "cbor.trailing", each with the offset.
class CborReader {
  public:
    explicit CborReader(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] Result<CborKind> peek() const;
    [[nodiscard]] Result<std::uint64_t> unsigned_integer();
    [[nodiscard]] Result<std::int64_t> integer();
    [[nodiscard]] Result<ByteView> bytes();         // a view into the input
    [[nodiscard]] Result<std::string_view> text();  // likewise; valid UTF-8
    [[nodiscard]] Result<std::uint64_t> array();    // number of items
    [[nodiscard]] Result<std::uint64_t> map();      // number of pairs
    [[nodiscard]] Result<bool> boolean();
    [[nodiscard]] Status null();
    // Skips one whole item and gives its bytes.
    [[nodiscard]] Result<ByteView> item();
    [[nodiscard]] std::size_t offset() const { return at_; }
    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
    // Fails unless every byte was read.
    [[nodiscard]] Status finish() const;

  private:
    struct Head {
        unsigned major;
        std::uint64_t value;
    };
    // An array or map that item() is inside of.
    struct Open {
        std::uint64_t left;
        bool map;
        ByteView last_key;
    };
    [[nodiscard]] Result<Head> head();
    [[nodiscard]] Result<Head> expect(unsigned major);
    [[nodiscard]] Result<ByteView> body(unsigned major);
    [[nodiscard]] Result<std::uint64_t> count(unsigned major, std::uint64_t items_each);
    [[nodiscard]] Status item_step(std::vector<Open>& open);
    ByteView bytes_;
    std::size_t at_ = 0;
    std::optional<Error> error_;
};

// True when `bytes` is exactly one canonical item.
[[nodiscard]] Status check_canonical(ByteView bytes);

}  // namespace paso
