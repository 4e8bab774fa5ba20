#include "kiosk/tool/decode_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "core/barcode/barcode_content.hpp"
#include "core/document/travel_document.hpp"
#include "core/encoding/base64.hpp"
#include "core/encoding/utf8.hpp"
#include "kiosk/tool/barcode_json.hpp"
#include "kiosk/tool/document_json.hpp"
#include "kiosk/tool/trust_files.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr std::size_t max_file = 1UL << 20U;
constexpr std::int64_t half_day_ms = 43'200'000;

Result<ReadingMoment> moment_of(Env& env, const std::string& date) {
    if (date.empty()) return ReadingMoment{env.clock.wall().utc_date(), env.clock.wall()};
    const auto day = Date::parse(date);
    if (!day) return fail("decode.date", "--date is a day written YYYY-MM-DD");
    return ReadingMoment{*day, {std::int64_t{day->days_since_1970()} * 2 * half_day_ms + half_day_ms}};
}

// Text as people write it: UTF-8 without control characters but line ends and tabs.
bool is_plain_text(std::string_view text) {
    return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 127;
           });
}

Result<Bytes> payload_of(Bytes bytes, Writing writing) {
    if (writing == Writing::plain) {
        if (!is_plain_text(as_text(bytes))) return bytes;
        if (!bytes.empty() && bytes.back() == std::byte{'\n'}) bytes.pop_back();
        if (!bytes.empty() && bytes.back() == std::byte{'\r'}) bytes.pop_back();
        return bytes;
    }
    std::string text{as_text(bytes)};
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
    if (writing == Writing::base64) return from_base64(text);
    auto out = from_hex(text);
    if (!out) return fail("decode.hex", "not an even number of hexadecimal digits");
    return std::move(*out);
}

// Two or three lines in the alphabet of an MRZ; nothing for anything else.
std::vector<std::string> mrz_lines(std::string_view text) {
    std::vector<std::string> out{""};
    for (const char c : text) {
        if (c == '\n' || c == '\r') {
            if (!out.back().empty()) out.emplace_back();
        } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<') {
            out.back().push_back(c);
        } else {
            return {};
        }
    }
    if (out.back().empty()) out.pop_back();
    if (out.size() < 2 || out.size() > 3) out.clear();
    return out;
}

struct Decoded {
    std::string_view kind;
    Assurance assurance = Assurance::none;
    json::object content;
    json::array problems;
};

Decoded of_document(const TravelDocument& d) {
    Decoded out{"Mrz", Assurance::structure, {}, {}};
    out.content = {{"format", name(d.format)},
                   {"lines", lines_json(d)},
                   {"check_digits", digits_json(d.check_digits)},
                   {"fields", fields_json(d)}};
    for (const FieldProblem& p : d.problems)
        out.problems.push_back({{"code", p.code}, {"field", p.field}, {"row", p.row}, {"column", p.column}});
    return out;
}

Decoded decode(Bytes& payload, const TrustAnchors& anchors, const ReadingMoment& moment) {
    const auto lines = mrz_lines(as_text(payload));
    const auto document =
        lines.empty() ? Result<TravelDocument>{fail("mrz.shape")} : parse_mrz_lines(lines, moment.today);
    if (document) return of_document(*document);
    BarcodeContent content = parse_barcode(payload, Symbology::unknown, anchors, moment);
    const BarcodeKind kind = kind_of(content);
    if (!lines.empty() && kind == BarcodeKind::unknown) content.problems.push_back(document.error());
    return {name(kind), content.assurance, content_json(content), problems_json(content.problems)};
}

void print(const DecodeStreams& streams, const std::string& source, Decoded d) {
    streams.out(json::serialize(json::object{{"source", source},
                                             {"kind", d.kind},
                                             {"assurance", name(d.assurance)},
                                             {"content", std::move(d.content)},
                                             {"problems", std::move(d.problems)}}));
}

}  // namespace

int decode_payloads(Env& env, const DecodeOptions& options, const DecodeStreams& streams) {
    const auto moment = moment_of(env, options.date);
    if (!moment) return streams.err(describe(moment.error())), 2;
    const auto trust = read_trust_files(env, options.trust, moment->now);
    if (!trust) return streams.err(describe(trust.error())), 1;
    for (const std::string& remark : trust->remarks) streams.err(remark);
    const std::string unknown{name(BarcodeKind::unknown)};
    bool all_read = true;
    bool all_known = true;
    for (const std::string& path : options.files) {
        auto payload = (path == "-" ? streams.in(max_file) : env.files.read(path, max_file)).and_then([&](Bytes bytes) {
            return payload_of(std::move(bytes), options.writing);
        });
        if (payload) {
            Decoded d = decode(*payload, trust->anchors, *moment);
            all_known = all_known && d.kind != unknown;
            print(streams, path, std::move(d));
        } else {
            all_read = false;
            print(streams, path, {unknown, Assurance::none, {}, problems_json({payload.error()})});
        }
    }
    if (!all_read) return 1;
    return all_known ? 0 : 3;
}

}  // namespace paso
