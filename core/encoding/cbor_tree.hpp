// Any well-formed CBOR (RFC 8949), as foreign certificates write it: tags, floating point, indefinite lengths,
// arguments longer than they need be. What Paso itself stores and signs goes through CborReader, which takes the one
// canonical form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace paso {

enum class CborType : std::uint8_t {
    unsigned_integer,
    negative_integer,
    bytes,
    text,
    array,
    map,
    tag,
    simple,
    floating
};

// One item. Its children (items of an array; key, value, key, value of a map; what a tag marks) follow it in the tree.
struct CborItem {
    CborType type = CborType::simple;
    std::uint64_t value = 0;  // integer n (or -1 - n), tag, simple value, bits of a double
    ByteView content;         // of bytes and text, chunks joined
    ByteView encoded;         // the item as it stands, children too
    std::uint32_t children = 0;
    std::uint32_t after = 0;  // index of the first item behind it and its children
};

struct CborLimits {
    std::size_t depth = 16;  // of arrays, maps and tags inside each other
    std::size_t items = 8192;
};

// The items in the order in which they stand; item 0 is the whole. A view of the bytes: they must live as long.
class CborTree {
  public:
    // Exactly one item. Errors with their offset: "cbor.truncated", "cbor.format", "cbor.utf8", "cbor.depth",
    // "cbor.too_many", "cbor.duplicate" (a key that a map has twice), "cbor.trailing".
    [[nodiscard]] static Result<CborTree> parse(ByteView bytes, CborLimits limits = {});
    CborTree(CborTree&&) = default;
    CborTree& operator=(CborTree&&) = default;
    CborTree(const CborTree&) = delete;  // joined chunks are held here
    CborTree& operator=(const CborTree&) = delete;
    ~CborTree() = default;

    using Index = std::uint32_t;
    [[nodiscard]] const CborItem& operator[](Index i) const { return items_[i]; }
    // The child that stands n-th; n must be below `children`.
    [[nodiscard]] Index child(Index parent, std::uint32_t n) const;
    // The value of a key; nothing where `map` is none or has no such key.
    [[nodiscard]] std::optional<Index> find(Index map, std::int64_t key) const;
    [[nodiscard]] std::optional<Index> find(Index map, std::string_view key) const;

    // What an item is, if it is that.
    [[nodiscard]] std::optional<std::int64_t> integer(Index i) const;
    [[nodiscard]] std::optional<std::string_view> text(Index i) const;
    [[nodiscard]] std::optional<ByteView> bytes(Index i) const;
    [[nodiscard]] bool is(Index i, CborType type) const { return items_[i].type == type; }
    [[nodiscard]] bool null(Index i) const { return is(i, CborType::simple) && items_[i].value == 22; }

  private:
    friend class CborTreeParser;
    CborTree() = default;
    std::vector<CborItem> items_;
    std::deque<Bytes> joined_;
};

}  // namespace paso
