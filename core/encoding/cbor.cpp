#include "core/encoding/cbor.hpp"

#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

constexpr std::size_t max_depth = 16;
constexpr unsigned major_unsigned = 0;
constexpr unsigned major_negative = 1;
constexpr unsigned major_bytes = 2;
constexpr unsigned major_text = 3;
constexpr unsigned major_array = 4;
constexpr unsigned major_map = 5;
constexpr unsigned major_simple = 7;
constexpr std::uint64_t simple_false = 20;
constexpr std::uint64_t simple_true = 21;
constexpr std::uint64_t simple_null = 22;

}  // namespace

void CborWriter::head(unsigned major, std::uint64_t value) {
    const auto put = [this](std::uint64_t v) { out_.push_back(static_cast<std::byte>(v & 255U)); };
    const unsigned top = major << 5U;
    if (value < 24) return put(top | value);
    const unsigned width = value <= 0xFF ? 0 : value <= 0xFFFF ? 1 : value <= 0xFFFFFFFF ? 2 : 3;
    put(top | (24U + width));
    for (unsigned i = 1U << width; i-- > 0;) put(value >> (8U * i));
}

CborWriter& CborWriter::unsigned_integer(std::uint64_t value) { return head(major_unsigned, value), *this; }

CborWriter& CborWriter::integer(std::int64_t value) {
    if (value >= 0) return unsigned_integer(static_cast<std::uint64_t>(value));
    return head(major_negative, static_cast<std::uint64_t>(-(value + 1))), *this;
}

CborWriter& CborWriter::bytes(ByteView value) {
    head(major_bytes, value.size());
    return raw(value);
}

CborWriter& CborWriter::text(std::string_view value) {
    head(major_text, value.size());
    return raw(as_bytes(value));
}

CborWriter& CborWriter::array(std::uint64_t items) { return head(major_array, items), *this; }
CborWriter& CborWriter::map(std::uint64_t pairs) { return head(major_map, pairs), *this; }
CborWriter& CborWriter::boolean(bool value) { return head(major_simple, value ? simple_true : simple_false), *this; }
CborWriter& CborWriter::null() { return head(major_simple, simple_null), *this; }

CborWriter& CborWriter::raw(ByteView encoded) {
    out_.insert(out_.end(), encoded.begin(), encoded.end());
    return *this;
}

Result<CborReader::Head> CborReader::head() {
    if (error_) return fail(*error_);
    const auto stop = [this](std::string_view code, std::string detail) {
        error_ = Error{code, std::move(detail), {.offset = at_}};
        return fail(*error_);
    };
    if (at_ >= bytes_.size()) return stop("cbor.truncated", "an item is missing");
    const auto first = std::to_integer<unsigned>(bytes_[at_]);
    const unsigned major = first >> 5U;
    const unsigned low = first & 31U;
    if (low < 24) return ++at_, Head{major, low};
    if (low > 27) return stop("cbor.not_canonical", "indefinite length or reserved value");
    const std::size_t width = std::size_t{1} << (low - 24U);
    if (bytes_.size() - at_ - 1 < width) return stop("cbor.truncated", "an argument is cut off");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | std::to_integer<std::uint64_t>(bytes_[at_ + 1 + i]);
    constexpr std::array<std::uint64_t, 4> least{24, 0x100, 0x10000, 0x100000000};
    if (value < least[low - 24U]) return stop("cbor.not_canonical", "an argument is longer than it needs to be");
    if (major == major_simple) return stop("cbor.kind", "floating point or simple value");
    at_ += 1 + width;
    return Head{major, value};
}

Result<CborReader::Head> CborReader::expect(unsigned major) {
    const std::size_t before = at_;
    const auto h = head();
    if (!h || h->major == major) return h;
    at_ = before;
    error_ = Error{"cbor.kind",
                   "major type " + std::to_string(h->major) + " where " + std::to_string(major) + " should be",
                   {.offset = at_}};
    return fail(*error_);
}

Result<ByteView> CborReader::body(unsigned major) {
    const auto h = expect(major);
    if (!h) return fail(h.error());
    if (h->value > bytes_.size() - at_) {
        error_ = Error{"cbor.truncated", std::to_string(h->value) + " bytes are announced", {.offset = at_}};
        return fail(*error_);
    }
    const ByteView view = bytes_.subspan(at_, static_cast<std::size_t>(h->value));
    at_ += view.size();
    return view;
}

Result<CborKind> CborReader::peek() const {
    if (error_) return fail(*error_);
    if (at_ >= bytes_.size()) return fail("cbor.truncated", "an item is missing", {.offset = at_});
    const auto first = std::to_integer<unsigned>(bytes_[at_]);
    switch (first >> 5U) {
        case major_unsigned:
            return CborKind::unsigned_integer;
        case major_negative:
            return CborKind::negative_integer;
        case major_bytes:
            return CborKind::bytes;
        case major_text:
            return CborKind::text;
        case major_array:
            return CborKind::array;
        case major_map:
            return CborKind::map;
        default:
            break;
    }
    const std::uint64_t low = first & 31U;
    if (first >> 5U == major_simple && low == simple_null) return CborKind::null;
    if (first >> 5U == major_simple && (low == simple_true || low == simple_false)) return CborKind::boolean;
    return fail("cbor.kind", "tag, floating point or simple value", {.offset = at_});
}

Result<std::uint64_t> CborReader::unsigned_integer() {
    return expect(major_unsigned).map([](const Head& h) { return h.value; });
}

Result<std::int64_t> CborReader::integer() {
    const std::size_t before = at_;
    const auto h = head();
    if (!h) return fail(h.error());
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool right = h->major == major_unsigned || h->major == major_negative;
    if (right && h->value <= most) {
        const auto value = static_cast<std::int64_t>(h->value);
        return h->major == major_unsigned ? value : -1 - value;
    }
    at_ = before;
    error_ = Error{right ? "cbor.range" : "cbor.kind", "not an integer of 64 bits", {.offset = at_}};
    return fail(*error_);
}

Result<ByteView> CborReader::bytes() { return body(major_bytes); }

Result<std::string_view> CborReader::text() {
    const std::size_t before = at_;
    const auto view = body(major_text);
    if (!view) return fail(view.error());
    if (!is_utf8(as_text(*view))) {
        error_ = Error{"cbor.utf8", "a text is not UTF-8", {.offset = before}};
        return fail(*error_);
    }
    return as_text(*view);
}

Result<std::uint64_t> CborReader::array() { return count(major_array, 1); }
Result<std::uint64_t> CborReader::map() { return count(major_map, 2); }

// Every item has at least one byte, so a count above what is left is a lie told early.
Result<std::uint64_t> CborReader::count(unsigned major, std::uint64_t items_each) {
    const auto h = expect(major);
    if (!h) return fail(h.error());
    if (h->value > (bytes_.size() - at_) / items_each) {
        error_ = Error{"cbor.truncated", std::to_string(h->value) + " items are announced", {.offset = at_}};
        return fail(*error_);
    }
    return h->value;
}

Result<bool> CborReader::boolean() {
    const auto h = expect(major_simple);
    if (!h) return fail(h.error());
    if (h->value == simple_true || h->value == simple_false) return h->value == simple_true;
    error_ = Error{"cbor.kind", "not a boolean", {.offset = at_ - 1}};
    return fail(*error_);
}

Status CborReader::null() {
    const auto h = expect(major_simple);
    if (!h) return fail(h.error());
    if (h->value == simple_null) return {};
    error_ = Error{"cbor.kind", "not null", {.offset = at_ - 1}};
    return fail(*error_);
}

Result<ByteView> CborReader::item() {
    const std::size_t begin = at_;
    std::vector<Open> open;  // arrays and maps that are not complete; no recursion on input
    do {
        if (const Status step = item_step(open); !step) return fail(step.error());
        while (!open.empty() && open.back().left == 0) open.pop_back();
    } while (!open.empty());
    return bytes_.subspan(begin, at_ - begin);
}

// Reads one head with its body and counts it off the innermost open item. Keys of a map must ascend in their bytes.
Status CborReader::item_step(std::vector<Open>& open) {
    const std::size_t begin = at_;
    const auto stop = [this](std::string_view code, std::string detail, std::size_t where) {
        error_ = Error{code, std::move(detail), {.offset = where}};
        return fail(*error_);
    };
    const auto kind = peek();
    if (!kind) return stop(kind.error().code, kind.error().detail, begin);
    std::optional<Open> inner;
    switch (*kind) {
        case CborKind::unsigned_integer:
        case CborKind::negative_integer:
        case CborKind::boolean:
        case CborKind::null:
            if (const auto h = head(); !h) return fail(h.error());
            break;
        case CborKind::bytes:
            if (const auto b = bytes(); !b) return fail(b.error());
            break;
        case CborKind::text:
            if (const auto t = text(); !t) return fail(t.error());
            break;
        case CborKind::array:
            if (const auto n = array(); !n)
                return fail(n.error());
            else
                inner = Open{*n, false, {}};
            break;
        case CborKind::map:
            if (const auto n = map(); !n)
                return fail(n.error());
            else
                inner = Open{*n * 2, true, {}};
            break;
    }
    if (!open.empty()) {
        Open& outer = open.back();
        if (outer.map && outer.left % 2 == 0) {
            if (inner) return stop("cbor.kind", "an array or map as a key", begin);
            const ByteView key = bytes_.subspan(begin, at_ - begin);
            if (!outer.last_key.empty() && as_text(outer.last_key) >= as_text(key)) {
                return stop("cbor.not_canonical", "keys of a map do not ascend", begin);
            }
            outer.last_key = key;
        }
        --outer.left;
    }
    if (inner) {
        if (open.size() >= max_depth) return stop("cbor.depth", "more than 16 levels", begin);
        open.push_back(*inner);
    }
    return {};
}

Status CborReader::finish() const {
    if (error_) return fail(*error_);
    if (at_ != bytes_.size()) return fail("cbor.trailing", "bytes follow the last item", {.offset = at_});
    return {};
}

Status check_canonical(ByteView bytes) {
    CborReader reader(bytes);
    if (const auto item = reader.item(); !item) return fail(item.error());
    return reader.finish();
}

}  // namespace paso
