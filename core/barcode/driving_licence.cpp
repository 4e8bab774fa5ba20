#include "core/barcode/driving_licence.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace paso {
namespace {

constexpr std::size_t most_bytes = 8192;
constexpr std::size_t most_subfiles = 32;
constexpr std::size_t entry_size = 10;
constexpr int newest_version = 11;
constexpr std::string_view compliance_line = "@\n\x1E\rANSI ";  // annex D.12.3
constexpr char element_end = '\n';
constexpr char subfile_end = '\r';

bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool upper(char c) { return c >= 'A' && c <= 'Z'; }

// Of at most eight digits.
int number(std::string_view text) {
    int value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return value;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return text;
}

// Where the file type ends, when there is one: after "ANSI " or "AAMVA" behind '@' and up to six separators.
std::optional<std::size_t> file_type_end(std::string_view text) {
    if (!text.starts_with('@')) return std::nullopt;
    std::size_t at = 1;
    while (at < text.size() && at < 7 && text[at] < ' ') ++at;
    const std::string_view type = text.substr(at, 5);
    return type == "ANSI " || type == "AAMVA" ? std::optional{at + 5} : std::nullopt;
}

// Issuers of Canada in AAMVA's list of issuer identification numbers.
bool canadian(std::string_view issuer) {
    static constexpr std::array<std::string_view, 13> issuers{"604426", "604428", "604429", "604432", "604433",
                                                              "604434", "636012", "636013", "636016", "636017",
                                                              "636028", "636044", "636048"};
    return std::find(issuers.begin(), issuers.end(), issuer) != issuers.end();
}

struct Entry {
    std::string_view type;
    std::size_t offset;
    std::size_t length;
};

class LicenceParser {
  public:
    explicit LicenceParser(std::string_view text) : text_(text) {}

    Result<DrivingLicence> parse() {
        if (Status status = header(); !status) return fail(std::move(status.error()));
        if (!by_offset()) {
            note("aamva.offset");
            licence_.file.subfiles.clear();
            by_scanning();
        }
        if (licence_.file.subfiles.empty()) return fail("aamva.subfile", "no subfile is to be found", {.offset = at_});
        meaning();
        return std::move(licence_);
    }

  private:
    void note(std::string_view code) {
        auto& problems = licence_.problems;
        if (std::find(problems.begin(), problems.end(), code) == problems.end()) problems.push_back(code);
    }

    // Issuer 6, version 2, [jurisdiction version 2], number of subfiles 2, then an entry for each. What is no entry is
    // a disagreement, not an error.
    Status header() {
        const auto end = file_type_end(text_);
        if (!end) return fail("aamva.format", "a licence begins with @ and ANSI", {.offset = 0});
        if (!text_.starts_with(compliance_line)) note("aamva.header");
        at_ = *end;
        const auto wrong = [this] {
            return fail("aamva.header", "issuer, version and count are digits", {.offset = at_});
        };
        LicenceFile& file = licence_.file;
        if (!digits(text_.substr(at_, 8)) || text_.size() < at_ + 8) return wrong();
        file.issuer = text_.substr(at_, 6);
        file.version = number(text_.substr(at_ + 6, 2));
        if (file.version > newest_version) note("aamva.newer_version");
        at_ += 8;
        const std::size_t rest = file.version >= 2 ? 4 : 2;
        if (!digits(text_.substr(at_, rest)) || text_.size() < at_ + rest) return wrong();
        if (rest == 4) file.jurisdiction_version = number(text_.substr(at_, 2));
        announced_ = static_cast<std::size_t>(number(text_.substr(at_ + rest - 2, 2)));
        at_ += rest;
        while (entries_.size() < announced_ && entry()) at_ += entry_size;
        return {};
    }

    bool entry() {
        const std::string_view e = text_.substr(at_, entry_size);
        if (e.size() != entry_size || !upper(e[0]) || !upper(e[1]) || !digits(e.substr(2))) return false;
        entries_.push_back({e.substr(0, 2), static_cast<std::size_t>(number(e.substr(2, 4))),
                            static_cast<std::size_t>(number(e.substr(6, 4)))});
        return true;
    }

    // The subfiles must fill everything behind the header, each begin with its type and end with its separator.
    bool by_offset() {
        if (entries_.empty() || entries_.size() != announced_ || announced_ > most_subfiles) return false;
        std::size_t expected = at_;
        for (const Entry& e : entries_) {
            if (e.offset != expected || e.length < 3) return false;
            const std::size_t end = e.offset + e.length;
            const bool cut = end == text_.size() + 1 && &e == &entries_.back();
            if (!cut && (end > text_.size() || text_[end - 1] != subfile_end)) return false;
            const std::string_view all = text_.substr(e.offset, e.length - (cut ? 0 : 1));
            if (!all.starts_with(e.type)) return false;
            if (all.find(subfile_end) != std::string_view::npos) return false;
            if (cut) note("aamva.cut");
            expected = end;
        }
        if (text_.find_first_not_of("\r\n", std::min(expected, text_.size())) != std::string_view::npos) return false;
        for (const Entry& e : entries_) {
            std::string_view all = text_.substr(e.offset, e.length);
            if (all.ends_with(subfile_end)) all.remove_suffix(1);
            subfile(e.offset, all);
        }
        return true;
    }

    // Whatever stands between two separators and begins with a type that may be one.
    void by_scanning() {
        std::size_t begin = at_;
        while (begin < text_.size() && licence_.file.subfiles.size() < most_subfiles) {
            const std::size_t end = std::min(text_.find(subfile_end, begin), text_.size());
            std::string_view all = text_.substr(begin, end - begin);
            const std::size_t skipped = std::min(all.find_first_not_of('\n'), all.size());
            all.remove_prefix(skipped);
            if (all.size() >= 5 && upper(all[0]) && upper(all[1])) {
                subfile(begin + skipped, all);
            } else if (!all.empty()) {
                note("aamva.element");
            }
            begin = end + 1;
        }
    }

    void subfile(std::size_t offset, std::string_view all) {
        LicenceSubfile& file = licence_.file.subfiles.emplace_back();
        file.type = all.substr(0, 2);
        file.elements.reserve(static_cast<std::size_t>(std::count(all.begin(), all.end(), element_end)) + 1);
        std::size_t begin = 2;
        while (begin < all.size()) {
            const std::size_t end = std::min(all.find(element_end, begin), all.size());
            const std::string_view e = all.substr(begin, end - begin);
            if (e.size() >= 3 && upper(e[0]) && upper(e[1]) && upper(e[2])) {
                file.elements.push_back({std::string{e.substr(0, 3)}, Personal{std::string{e.substr(3)}},
                                         static_cast<std::uint32_t>(offset + begin)});
            } else if (!e.empty()) {
                note("aamva.element");
            }
            begin = end + 1;
        }
        look_for_repeated(file);
    }

    void look_for_repeated(const LicenceSubfile& file) {
        std::vector<std::string_view> ids;
        ids.reserve(file.elements.size());
        for (const LicenceElement& e : file.elements) ids.push_back(e.id);
        std::sort(ids.begin(), ids.end());
        if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) note("aamva.repeated");
    }

    const LicenceElement* find(std::string_view id) const {
        for (const LicenceSubfile& file : licence_.file.subfiles) {
            for (const LicenceElement& e : file.elements) {
                if (e.id == id) return &e;
            }
        }
        return nullptr;
    }

    // The first of the elements that says something.
    std::string text(std::initializer_list<std::string_view> ids) const {
        for (const std::string_view id : ids) {
            const LicenceElement* e = find(id);
            if (e == nullptr) continue;
            const std::string_view value = trimmed(e->value.reveal());
            if (!value.empty() && value != "NONE" && value != "UNAVL" && value != "unavl") return std::string{value};
        }
        return {};
    }

    char character(std::string_view id) const {
        const std::string value = text({id});
        return value.size() == 1 ? value.front() : ' ';
    }

    void meaning() {
        DrivingLicence& l = licence_;
        l.country = text({"DCG"});
        if (l.country.empty()) l.country = canadian(l.file.issuer) ? "CAN" : "USA";
        l.jurisdiction = text({"DAJ"});
        l.number = Personal{text({"DAQ"})};
        names();
        l.birth = Personal{date("DBB")};
        l.expiry = date("DBA");
        l.issued = date("DBD");
        l.sex = sex();
        l.street = Personal{text({"DAG"})};
        l.city = Personal{text({"DAI"})};
        l.postal_code = Personal{text({"DAK"})};
        l.discriminator = Personal{text({"DCF", "DCK"})};
        l.compliance = character("DDA");
        l.limited_duration = character("DDD") == '1';
        l.credential_present = find("ZZA") != nullptr;
        if (l.number.reveal().empty() || l.family_name.reveal().empty() || l.birth.reveal().raw.empty()) {
            note("aamva.missing");
        }
    }

    void names() {
        DrivingLicence& l = licence_;
        std::array<std::string, 4> parts;  // of DAA: family, given, middle, suffix
        const std::string whole = text({"DAA"});
        std::size_t begin = 0;
        for (std::size_t i = 0; i < parts.size() && begin <= whole.size(); ++i) {
            const std::size_t end = std::min(whole.find(',', begin), whole.size());
            parts[i] = trimmed(std::string_view{whole}.substr(begin, end - begin));
            begin = end + 1;
        }
        if (!whole.empty() && whole.find(',') == std::string::npos) note("aamva.name_order");
        const auto either = [](std::string first, std::string& second) {
            return Personal{first.empty() ? std::move(second) : std::move(first)};
        };
        l.family_name = either(text({"DCS", "DAB"}), parts[0]);
        l.given_names = either(text({"DAC", "DCT"}), parts[1]);
        l.middle_names = either(text({"DAD"}), parts[2]);
        l.suffix = either(text({"DCU", "DAE"}), parts[3]);
    }

    LicenceDate date(std::string_view id) {
        LicenceDate out;
        out.raw = text({id});
        if (out.raw.empty()) return out;
        const std::string_view t = out.raw;
        if (t.size() != 8 || !digits(t)) {
            note("aamva.date");
            return out;
        }
        const auto of = [](std::string_view y, std::string_view m, std::string_view d) -> std::optional<Date> {
            const auto found = Date::of(number(y), static_cast<unsigned>(number(m)), static_cast<unsigned>(number(d)));
            return found && found->year() >= 1850 && found->year() < 2200 ? found : std::nullopt;
        };
        const auto year_first = of(t.substr(0, 4), t.substr(4, 2), t.substr(6, 2));
        const auto month_first = of(t.substr(4, 4), t.substr(0, 2), t.substr(2, 2));
        const bool expected_year_first = licence_.country == "CAN" || licence_.file.version == 1;
        out.date = expected_year_first ? year_first : month_first;
        if (!out.date) {
            out.date = expected_year_first ? month_first : year_first;
            note(out.date ? "aamva.date_order" : "aamva.date");
        }
        return out;
    }

    char sex() {
        const std::string value = text({"DBC"});
        if (value.empty()) return ' ';
        if (value == "1" || value == "M") return 'M';
        if (value == "2" || value == "F") return 'F';
        if (value == "9" || value == "X") return 'X';  // not specified
        note("aamva.sex");
        return ' ';
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t announced_ = 0;
    std::vector<Entry> entries_;
    DrivingLicence licence_;
};

void append_digits(std::string& out, std::size_t value, int width) {
    std::array<char, 24> text{};
    const int n = std::snprintf(text.data(), text.size(), "%0*zu", width, value);
    out.append(text.data(), static_cast<std::size_t>(n));
}

bool writable(const LicenceFile& file) {
    if (file.issuer.size() != 6 || !digits(file.issuer) || file.version < 0 || file.version > 99) return false;
    if (file.jurisdiction_version.has_value() != (file.version >= 2)) return false;
    if (file.jurisdiction_version.value_or(0) < 0 || file.jurisdiction_version.value_or(0) > 99) return false;
    const auto name = [](std::string_view text, std::size_t size) {
        return text.size() == size && std::all_of(text.begin(), text.end(), upper);
    };
    const auto element = [&name](const LicenceElement& e) {
        return name(e.id, 3) && e.value.reveal().find_first_of("\r\n") == std::string::npos;
    };
    return !file.subfiles.empty() && file.subfiles.size() <= most_subfiles &&
           std::all_of(file.subfiles.begin(), file.subfiles.end(), [&](const LicenceSubfile& s) {
               return name(s.type, 2) && !s.elements.empty() &&
                      std::all_of(s.elements.begin(), s.elements.end(), element);
           });
}

}  // namespace

bool looks_like_driving_licence(ByteView payload) { return file_type_end(as_text(payload)).has_value(); }

Result<DrivingLicence> parse_driving_licence(ByteView payload) {
    if (payload.size() > most_bytes) return fail("aamva.too_long", "at most 8192 bytes", {.offset = most_bytes});
    return LicenceParser(as_text(payload)).parse();
}

Result<Bytes> write_driving_licence(const LicenceFile& file) {
    const auto wrong = [] { return fail("aamva.write", "a value does not fit its field"); };
    if (!writable(file)) return wrong();
    std::string header{compliance_line};
    header += file.issuer;
    append_digits(header, static_cast<std::size_t>(file.version), 2);
    if (file.jurisdiction_version) append_digits(header, static_cast<std::size_t>(*file.jurisdiction_version), 2);
    append_digits(header, file.subfiles.size(), 2);
    const std::size_t data_begin = header.size() + file.subfiles.size() * entry_size;
    std::string data;
    for (const LicenceSubfile& s : file.subfiles) {
        const std::size_t begin = data.size();
        data += s.type;
        for (const LicenceElement& e : s.elements) {
            data += e.id;
            data += e.value.reveal();
            data += element_end;
        }
        data.back() = subfile_end;  // annex D.12.5: the last element ends with the subfile's separator
        header += s.type;
        append_digits(header, data_begin + begin, 4);
        append_digits(header, data.size() - begin, 4);
    }
    if (header.size() != data_begin || header.size() + data.size() > most_bytes) return wrong();
    return to_bytes(as_bytes(header + data));
}

}  // namespace paso
