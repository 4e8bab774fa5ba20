#include "core/encoding/cbor_tree.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>
#include <utility>

#include "core/encoding/utf8.hpp"

namespace paso {

// Walks the bytes once, with the items that are not complete on a list of its own: no recursion on input.
class CborTreeParser {
  public:
    CborTreeParser(ByteView bytes, CborLimits limits) : bytes_(bytes), limits_(limits) {}

    Result<CborTree> parse() {
        do {
            if (Status status = step(); !status) return fail(std::move(status.error()));
            if (Status status = close(); !status) return fail(std::move(status.error()));
        } while (!open_.empty());
        if (at_ != bytes_.size()) return wrong("cbor.trailing", "bytes follow the item", at_);
        return std::move(tree_);
    }

  private:
    struct Head {
        unsigned major = 0;
        unsigned low = 0;
        std::uint64_t value = 0;
        [[nodiscard]] bool indefinite() const { return low == 31; }
    };
    struct Open {
        std::uint32_t index;
        std::uint64_t left;  // children to come; of an indefinite length: as many as there are
        bool indefinite;
        std::size_t begin;
    };

    static tl::unexpected<Error> wrong(std::string_view code, std::string detail, std::size_t at) {
        return fail(code, std::move(detail), {.offset = at});
    }

    Result<Head> head() {
        if (at_ >= bytes_.size()) return wrong("cbor.truncated", "an item is missing", at_);
        const auto first = std::to_integer<unsigned>(bytes_[at_]);
        Head h{first >> 5U, first & 31U, first & 31U};
        if (h.low > 27 && h.low < 31) return wrong("cbor.format", "a reserved length", at_);
        ++at_;
        if (h.low < 24 || h.low == 31) return h;
        const std::size_t width = std::size_t{1} << (h.low - 24U);
        if (bytes_.size() - at_ < width) return wrong("cbor.truncated", "an argument is cut off", at_);
        h.value = 0;
        for (std::size_t i = 0; i < width; ++i) h.value = h.value << 8U | std::to_integer<std::uint64_t>(bytes_[at_++]);
        return h;
    }

    Status step() {
        const std::size_t begin = at_;
        const auto h = head();
        if (!h) return fail(h.error());
        if (h->major == 7 && h->indefinite()) return end_of_indefinite(begin);
        if (tree_.items_.size() >= limits_.items) return wrong("cbor.too_many", "too many items", begin);
        const auto index = static_cast<std::uint32_t>(tree_.items_.size());
        CborItem& item = tree_.items_.emplace_back();
        item.value = h->value;
        if (!open_.empty()) {
            ++tree_.items_[open_.back().index].children;
            if (!open_.back().indefinite) --open_.back().left;
        }
        switch (h->major) {
            case 0:
            case 1:
                if (h->indefinite()) return wrong("cbor.format", "an integer of indefinite length", begin);
                item.type = h->major == 0 ? CborType::unsigned_integer : CborType::negative_integer;
                break;
            case 2:
            case 3:
                if (Status status = string(item, *h, begin); !status) return status;
                break;
            case 7:
                if (Status status = simple(item, *h, begin); !status) return status;
                break;
            default:
                return open(index, *h, begin);
        }
        finish(index, begin);
        return {};
    }

    Status open(std::uint32_t index, const Head& h, std::size_t begin) {
        if (open_.size() >= limits_.depth) return wrong("cbor.depth", "too many levels", begin);
        CborItem& item = tree_.items_[index];
        item.type = h.major == 4 ? CborType::array : h.major == 5 ? CborType::map : CborType::tag;
        if (item.type == CborType::tag && h.indefinite()) return wrong("cbor.format", "a tag without a number", begin);
        const std::uint64_t each = item.type == CborType::map ? 2 : 1;
        // Every item has at least one byte, so a count above what is left is a lie told early.
        if (item.type != CborType::tag && !h.indefinite() && h.value > (bytes_.size() - at_) / each) {
            return wrong("cbor.truncated", "more items are announced than there are bytes", begin);
        }
        open_.push_back({index, item.type == CborType::tag ? 1 : h.value * each, h.indefinite(), begin});
        return {};
    }

    Status end_of_indefinite(std::size_t begin) {
        if (open_.empty() || !open_.back().indefinite)
            return wrong("cbor.format", "an end where nothing is open", begin);
        const CborItem& item = tree_.items_[open_.back().index];
        if (item.type == CborType::map && item.children % 2 != 0)
            return wrong("cbor.format", "a key without a value", begin);
        open_.back().indefinite = false;
        open_.back().left = 0;
        return {};
    }

    // Completes every item whose last child has been read.
    Status close() {
        while (!open_.empty() && !open_.back().indefinite && open_.back().left == 0) {
            const Open done = open_.back();
            open_.pop_back();
            finish(done.index, done.begin);
            if (tree_.is(done.index, CborType::map)) {
                if (Status status = keys(done.index, done.begin); !status) return status;
            }
        }
        return {};
    }

    void finish(std::uint32_t index, std::size_t begin) {
        CborItem& item = tree_.items_[index];
        item.encoded = bytes_.subspan(begin, at_ - begin);
        item.after = static_cast<std::uint32_t>(tree_.items_.size());
    }

    Status string(CborItem& item, const Head& h, std::size_t begin) {
        item.type = h.major == 2 ? CborType::bytes : CborType::text;
        item.value = 0;
        const auto chunk = [this, &item](std::uint64_t size) -> Result<ByteView> {
            if (size > bytes_.size() - at_) return wrong("cbor.truncated", "a string is cut off", at_);
            const ByteView view = bytes_.subspan(at_, static_cast<std::size_t>(size));
            if (item.type == CborType::text && !is_utf8(as_text(view)))
                return wrong("cbor.utf8", "a text is not UTF-8", at_);
            at_ += view.size();
            return view;
        };
        if (!h.indefinite()) {
            const auto view = chunk(h.value);
            if (!view) return fail(view.error());
            item.content = *view;
            return {};
        }
        Bytes joined;
        for (;;) {
            const auto part = head();
            if (!part) return fail(part.error());
            if (part->major == 7 && part->indefinite()) break;
            if (part->major != h.major || part->indefinite())
                return wrong("cbor.format", "a chunk of another kind", begin);
            const auto view = chunk(part->value);
            if (!view) return fail(view.error());
            joined.insert(joined.end(), view->begin(), view->end());
        }
        item.content = tree_.joined_.emplace_back(std::move(joined));
        return {};
    }

    static Status simple(CborItem& item, const Head& h, std::size_t begin) {
        if (h.low == 24 && h.value < 32) return wrong("cbor.format", "a simple value in two bytes", begin);
        item.type = h.low >= 25 ? CborType::floating : CborType::simple;
        if (h.low == 26)
            item.value =
                std::bit_cast<std::uint64_t>(double{std::bit_cast<float>(static_cast<std::uint32_t>(h.value))});
        if (h.low == 25) item.value = half(static_cast<unsigned>(h.value));
        return {};
    }

    // RFC 8949 appendix D, to the bits of a double.
    static std::uint64_t half(unsigned bits) {
        const std::uint64_t sign = std::uint64_t{bits >> 15U} << 63U;
        const unsigned exponent = bits >> 10U & 31U;
        const unsigned fraction = bits & 1023U;
        if (exponent == 31) return sign | std::uint64_t{0x7FF} << 52U | std::uint64_t{fraction} << 42U;
        if (exponent != 0) return sign | std::uint64_t{exponent + 1008} << 52U | std::uint64_t{fraction} << 42U;
        return sign | std::bit_cast<std::uint64_t>(fraction / 16777216.0);
    }

    // RFC 8949 section 5.6: a map that has a key twice means nothing.
    Status keys(std::uint32_t map, std::size_t begin) {
        const auto key = [this](std::uint32_t i) {
            const CborItem& k = tree_.items_[i];
            const bool nested = k.type == CborType::array || k.type == CborType::map || k.type == CborType::tag;
            return std::tuple{k.type, k.value, as_text(nested ? k.encoded : k.content)};
        };
        std::vector<std::uint32_t> indices;
        std::uint32_t at = map + 1;
        for (std::uint32_t n = 0; n < tree_.items_[map].children; n += 2) {
            indices.push_back(at);
            at = tree_.items_[tree_.items_[at].after].after;
        }
        std::sort(indices.begin(), indices.end(), [&key](auto a, auto b) { return key(a) < key(b); });
        const auto same = [&key](auto a, auto b) { return key(a) == key(b); };
        if (std::adjacent_find(indices.begin(), indices.end(), same) == indices.end()) return {};
        return wrong("cbor.duplicate", "a map has a key twice", begin);
    }

    ByteView bytes_;
    CborLimits limits_;
    std::size_t at_ = 0;
    std::vector<Open> open_;
    CborTree tree_;
};

Result<CborTree> CborTree::parse(ByteView bytes, CborLimits limits) { return CborTreeParser(bytes, limits).parse(); }

CborTree::Index CborTree::child(Index parent, std::uint32_t n) const {
    Index at = parent + 1;
    while (n-- > 0) at = items_[at].after;
    return at;
}

std::optional<CborTree::Index> CborTree::find(Index map, std::int64_t key) const {
    if (!is(map, CborType::map)) return std::nullopt;
    Index at = map + 1;
    for (std::uint32_t n = 0; n < items_[map].children; n += 2, at = items_[items_[at].after].after) {
        if (integer(at) == key) return items_[at].after;
    }
    return std::nullopt;
}

std::optional<CborTree::Index> CborTree::find(Index map, std::string_view key) const {
    if (!is(map, CborType::map)) return std::nullopt;
    Index at = map + 1;
    for (std::uint32_t n = 0; n < items_[map].children; n += 2, at = items_[items_[at].after].after) {
        if (text(at) == key) return items_[at].after;
    }
    return std::nullopt;
}

std::optional<std::int64_t> CborTree::integer(Index i) const {
    const CborItem& item = items_[i];
    if (item.type != CborType::unsigned_integer && item.type != CborType::negative_integer) return std::nullopt;
    if (item.value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    const auto value = static_cast<std::int64_t>(item.value);
    return item.type == CborType::unsigned_integer ? value : -1 - value;
}

std::optional<std::string_view> CborTree::text(Index i) const {
    return is(i, CborType::text) ? std::optional{as_text(items_[i].content)} : std::nullopt;
}

std::optional<ByteView> CborTree::bytes(Index i) const {
    return is(i, CborType::bytes) ? std::optional{items_[i].content} : std::nullopt;
}

}  // namespace paso
