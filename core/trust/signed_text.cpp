#include "core/trust/signed_text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace paso {
namespace {

constexpr std::string_view separator = "-- signatures --\n";

// Where the separator line begins: at the start of a line, the last one in the file.
std::size_t find_separator(std::string_view text) {
    const std::size_t at = text.rfind(separator);
    if (at == std::string_view::npos || (at != 0 && text[at - 1] != '\n')) return std::string_view::npos;
    return at;
}

template <std::size_t N>
std::optional<std::array<std::byte, N>> hex_array(std::string_view text) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<std::byte, N> out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

struct SignatureLine {
    Ed25519Key key;
    Ed25519Signature signature;
};

std::optional<SignatureLine> parse_line(std::string_view line) {
    constexpr std::string_view scheme = "ed25519 ";
    constexpr std::size_t key_digits = 64;
    if (!line.starts_with(scheme) || line.size() != scheme.size() + key_digits + 1 + 128) return std::nullopt;
    line.remove_prefix(scheme.size());
    const auto key = hex_array<32>(line.substr(0, key_digits));
    const auto signature = hex_array<64>(line.substr(key_digits + 1));
    if (!key || !signature || line[key_digits] != ' ') return std::nullopt;
    return SignatureLine{*key, *signature};
}

}  // namespace

ByteView signed_part(ByteView file) {
    const std::size_t at = find_separator(as_text(file));
    return at == std::string_view::npos ? file : file.first(at);
}

Bytes with_signature(ByteView file, const Ed25519Key& key, const Ed25519Signature& signature) {
    std::string out{as_text(file)};
    if (!out.empty() && out.back() != '\n') out += '\n';
    if (find_separator(out) == std::string_view::npos) out += separator;
    out += "ed25519 " + to_hex(key) + " " + to_hex(signature) + "\n";
    return to_bytes(as_bytes(out));
}

namespace {

// The lines below the separator that begins at `at`.
Result<std::vector<SignatureLine>> signature_lines(std::string_view text, std::size_t at) {
    std::vector<SignatureLine> out;
    auto line_number =
        static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
    std::string_view rest = text.substr(at + separator.size());
    while (!rest.empty()) {
        ++line_number;
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const auto parsed = parse_line(rest.substr(0, end));
        if (!parsed) return fail("signature.line", "not \"ed25519 KEY SIGNATURE\"", {.line = line_number});
        out.push_back(*parsed);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

}  // namespace

Result<std::vector<Ed25519Key>> signing_keys(ByteView file) {
    const std::size_t at = find_separator(as_text(file));
    if (at == std::string_view::npos) return std::vector<Ed25519Key>{};
    const auto lines = signature_lines(as_text(file), at);
    if (!lines) return fail(lines.error());
    std::vector<Ed25519Key> out;
    for (const SignatureLine& line : *lines) out.push_back(line.key);
    return out;
}

Result<ByteView> verify_signed_text(ByteView file, const std::vector<Ed25519Key>& keys, std::size_t threshold) {
    const std::size_t at = find_separator(as_text(file));
    if (at == std::string_view::npos) return fail("signature.missing", "the file has no signatures");
    const ByteView part = file.first(at);
    const auto lines = signature_lines(as_text(file), at);
    if (!lines) return fail(lines.error());
    std::set<Ed25519Key> good;
    for (const SignatureLine& line : *lines) {
        const bool known = std::find(keys.begin(), keys.end(), line.key) != keys.end();
        if (known && ed25519_verify(line.key, part, line.signature)) good.insert(line.key);
    }
    if (threshold == 0 || good.size() < threshold) {
        return fail("signature.threshold", std::to_string(good.size()) + " of the trusted signatures hold, " +
                                               std::to_string(threshold) + " are needed");
    }
    return part;
}

}  // namespace paso
