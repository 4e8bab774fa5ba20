#include "core/rules/facts_file.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "core/encoding/cbor.hpp"

namespace paso {
namespace {

constexpr std::string_view magic = "paso.facts";
constexpr std::uint64_t version = 1;
constexpr std::uint64_t max_names = 1'000'000;
constexpr std::uint64_t max_items = 256;  // possible values, members, rules

tl::unexpected<Error> wrong(std::string what, std::size_t offset) {
    return fail("facts_file.format", std::move(what), {.offset = offset});
}

// CBOR of definite length, of the kinds that crossings are made of.
class Decoder {
  public:
    Decoder(ByteView bytes, std::size_t at) : bytes_(bytes), at_(at) {}

    enum Major : unsigned { natural = 0, negative = 1, octets = 2, array = 4, simple = 7, broken = 8 };
    struct Head {
        unsigned major = broken;
        std::uint64_t value = 0;
    };

    Head head() {
        if (at_ >= bytes_.size()) return {};
        const auto first = std::to_integer<unsigned>(bytes_[at_++]);
        const unsigned low = first & 31U;
        if (low < 24) return {first >> 5U, low};
        if (low > 27) return {};
        const std::size_t length = std::size_t{1} << (low - 24);
        if (bytes_.size() - at_ < length) return {};
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < length; ++i) value = value << 8U | std::to_integer<std::uint64_t>(bytes_[at_++]);
        return {first >> 5U, value};
    }
    std::optional<unsigned> octet() {
        if (at_ >= bytes_.size()) return std::nullopt;
        return std::to_integer<unsigned>(bytes_[at_++]);
    }
    [[nodiscard]] std::size_t at() const { return at_; }
    void go_to(std::size_t at) { at_ = at; }

  private:
    ByteView bytes_;
    std::size_t at_;
};

// Reads the values of one crossing.
class CrossingReader {
  public:
    CrossingReader(Decoder& in, const std::vector<std::string_view>& texts, const std::vector<std::uint32_t>& places,
                   RecordedCrossing& out)
        : in_(in), texts_(texts), places_(places), out_(out) {}

    // What most facts are, in one look each: nothing for what is not one of those few bytes, which fact() reads.
    [[gnu::always_inline]] inline std::size_t plain(std::span<const std::byte> in, std::uint16_t slot, FactType type) {
        const auto first = std::to_integer<unsigned>(in[0]);
        switch (type) {
            case FactType::boolean:
                if (first != 0xF4 && first != 0xF5) return 0;
                out_.slots[slot] = Value::boolean(first == 0xF5);
                return 1;
            case FactType::integer:
                if (first >= 24) return 0;
                out_.slots[slot] = Value::integer(first);
                return 1;
            case FactType::date:
                if (first != 0x19 || in.size() < 3) return 0;
                out_.slots[slot] = Value::of(
                    Kind::date, std::to_integer<std::int64_t>(in[1]) << 8U | std::to_integer<std::int64_t>(in[2]));
                return 3;
            case FactType::text:
                if (first >= 24 || first >= texts_.size()) return 0;
                out_.slots[slot] = Value::text(texts_[first]);
                out_.texts[slot] = first;
                return 1;
            case FactType::text_set:
                break;
        }
        return 0;
    }

    // A value, an unknown, or a list of possible values.
    bool fact(std::uint16_t slot, FactType type) {
        const Decoder::Head h = in_.head();
        out_.texts[slot] = no_text;
        if (h.major == Decoder::octets) return unknown(slot, h.value);
        if (h.major != Decoder::array) return scalar(h, slot, type, out_.slots[slot]);
        if (h.value == 1) return member(slot, type, out_.slots[slot]);
        if (h.value == 0 || h.value > max_items) return false;
        RecordedCrossing::Several all{slot, std::vector<Value>(h.value)};
        for (Value& v : all.values) {
            if (!member(slot, type, v)) return false;
        }
        out_.slots[slot] = all.values.front();
        out_.texts[slot] = no_text;
        out_.several.push_back(std::move(all));
        return true;
    }

    // A fact that this program does not know.
    bool skip() {
        const Decoder::Head h = in_.head();
        if (h.major == Decoder::octets) return h.value == 1 && in_.octet().has_value();
        if (h.major != Decoder::array)
            return h.major == Decoder::natural || h.major == Decoder::negative || h.major == Decoder::simple;
        if (h.value > max_items) return false;
        for (std::uint64_t i = 0; i < h.value; ++i) {
            const Decoder::Head member = in_.head();
            if (member.major == Decoder::broken || member.major == Decoder::octets) return false;
            if (member.major != Decoder::array) continue;
            if (member.value > max_items) return false;
            for (std::uint64_t k = 0; k < member.value; ++k) {
                if (in_.head().major != Decoder::natural) return false;
            }
        }
        return true;
    }

    bool rules(std::size_t most) {
        const Decoder::Head h = in_.head();
        if (h.major != Decoder::array || h.value > max_items) return false;
        for (std::uint64_t i = 0; i < h.value; ++i) {
            const Decoder::Head rule = in_.head();
            if (rule.major != Decoder::natural || rule.value >= most) return false;
            out_.rules.push_back(static_cast<std::uint32_t>(rule.value));
        }
        return true;
    }

  private:
    bool member(std::uint16_t slot, FactType type, Value& v) {
        const Decoder::Head h = in_.head();
        return type == FactType::text_set ? set(h, v) : scalar(h, slot, type, v);
    }

    bool unknown(std::uint16_t slot, std::uint64_t length) {
        const auto cause = in_.octet();
        if (length != 1 || !cause || *cause < 1 || *cause > 8) return false;
        out_.slots[slot] = Value::unknown(static_cast<Cause>(*cause));
        return true;
    }

    bool scalar(const Decoder::Head& h, std::uint16_t slot, FactType type, Value& v) {
        constexpr std::uint64_t most = INT64_MAX;
        constexpr std::int64_t most_days = 3'000'000;  // the year 9999
        switch (type) {
            case FactType::boolean:
                if (h.major != Decoder::simple || (h.value != 20 && h.value != 21)) return false;
                v = Value::boolean(h.value == 21);
                return true;
            case FactType::integer:
            case FactType::date: {
                if (h.major > Decoder::negative || h.value > most) return false;
                const auto magnitude = static_cast<std::int64_t>(h.value);
                const std::int64_t n = h.major == Decoder::natural ? magnitude : -1 - magnitude;
                if (type == FactType::date && (n < -most_days || n > most_days)) return false;
                v = Value::of(type == FactType::date ? Kind::date : Kind::integer, n);
                return true;
            }
            case FactType::text:
                if (h.major != Decoder::natural || h.value >= texts_.size()) return false;
                v = Value::text(texts_[h.value]);
                out_.texts[slot] = static_cast<std::uint32_t>(h.value);
                return true;
            case FactType::text_set:
                break;
        }
        return false;
    }

    bool set(const Decoder::Head& h, Value& v) {
        if (h.major != Decoder::array || h.value > max_items) return false;
        Value* members = out_.arena.values(h.value);
        if (members == nullptr) return false;
        std::uint32_t last = 0;
        for (std::uint64_t i = 0; i < h.value; ++i) {
            const Decoder::Head text = in_.head();
            if (text.major != Decoder::natural || text.value >= texts_.size()) return false;
            members[i] = Value::text(texts_[text.value]);
            const std::uint32_t place = places_[text.value];
            if (i > 0 && place <= last) return false;
            last = place;
        }
        v = Value::collection(Kind::set, members, h.value);
        return true;
    }

    Decoder& in_;
    const std::vector<std::string_view>& texts_;
    const std::vector<std::uint32_t>& places_;  // of each text in their order
    RecordedCrossing& out_;
};

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Result<std::vector<std::string_view>> names(CborReader& r) {
    const auto count = r.array();
    std::vector<std::string_view> out;
    if (!count || *count > max_names) return wrong("a list of names", r.offset());
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto text = r.text();
        if (!text) return wrong("a name", r.offset());
        out.push_back(*text);
    }
    return out;
}

}  // namespace

bool may_be_kept(const FactDeclaration& fact) {
    const bool any_text = fact.type == FactType::text_set || (fact.type == FactType::text && fact.values.empty());
    return !fact.protection && !(fact.personal && any_text);
}

FactsFileWriter::FactsFileWriter(const Schema& schema) {
    for (const FactDeclaration& f : schema.facts()) {
        if (may_be_kept(f)) facts_.push_back(f);
    }
}

std::uint64_t FactsFileWriter::number(std::map<std::string, std::uint64_t, std::less<>>& of, std::string_view text) {
    const auto at = of.find(text);
    return at != of.end() ? at->second : of.emplace(text, of.size()).first->second;
}

void FactsFileWriter::put_value(Bytes& out, const FactValue& value) {
    CborWriter w;
    switch (type_of(value)) {
        case FactType::boolean:
            w.boolean(std::get<bool>(value));
            break;
        case FactType::integer:
            w.integer(std::get<std::int64_t>(value));
            break;
        case FactType::text:
            w.unsigned_integer(number(texts_, std::get<std::string>(value)));
            break;
        case FactType::date:
            w.integer(std::get<Date>(value).days_since_1970());
            break;
        case FactType::text_set: {
            const auto& set = std::get<std::set<std::string>>(value);
            w.array(set.size());
            for (const std::string& s : set) w.unsigned_integer(number(texts_, s));
            break;
        }
    }
    append(out, w.view());
}

void FactsFileWriter::add(const Facts& facts, std::span<const std::string> referred) {
    append(crossings_bytes_, CborWriter().array(facts_.size() + 1).view());
    for (const FactDeclaration& f : facts_) {
        const FactEntry* e = facts.find(f.name);
        if (e == nullptr || e->values.empty()) {
            const auto cause = static_cast<std::byte>(e == nullptr ? Cause::not_read : e->cause);
            append(crossings_bytes_, CborWriter().bytes({&cause, 1}).view());
            continue;
        }
        if (e->values.size() > 1 || f.type == FactType::text_set)
            append(crossings_bytes_, CborWriter().array(e->values.size()).view());
        for (const FactValue& v : e->values) put_value(crossings_bytes_, v);
    }
    CborWriter rules;
    rules.array(referred.size());
    for (const std::string& r : referred) rules.unsigned_integer(number(rules_, r));
    append(crossings_bytes_, rules.view());
    ++crossings_;
}

Bytes FactsFileWriter::take() const {
    const auto by_number = [](const auto& numbers) {
        std::vector<std::string_view> out(numbers.size());
        for (const auto& [text, n] : numbers) out[n] = text;
        return out;
    };
    CborWriter w;
    w.array(5).text(magic).unsigned_integer(version);
    w.array(facts_.size());
    for (const FactDeclaration& f : facts_) w.array(2).text(f.name).text(name(f.type));
    for (const auto& list : {by_number(rules_), by_number(texts_)}) {
        w.array(list.size());
        for (const std::string_view s : list) w.text(s);
    }
    Bytes out = w.take();
    append(out, crossings_bytes_);
    return out;
}

Result<FactsFile> FactsFile::open(ByteView bytes, const Schema& schema) {
    FactsFile file(bytes, schema);
    if (const Status s = file.header(); !s) return fail(s.error());
    return file;
}

Status FactsFile::header() {
    CborReader r(bytes_);
    const auto items = r.array();
    const auto kind = r.text();
    const auto found = r.unsigned_integer();
    if (!items || *items != 5 || !kind || *kind != magic || !found) return wrong("no file of facts", 0);
    if (*found != version)
        return fail("facts_file.version", "version " + std::to_string(*found) + ", this program reads version 1");
    const auto count = r.array();
    if (!count || *count > max_items) return wrong("the list of facts", r.offset());
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto pair = r.array();
        const auto fact = r.text();
        const auto type = r.text();
        if (!pair || *pair != 2 || !fact || !type) return wrong("a fact with its type", r.offset());
        const auto& all = schema_->facts();
        const auto at = std::find_if(all.begin(), all.end(), [&](const FactDeclaration& f) { return f.name == *fact; });
        if (at == all.end()) {
            columns_.push_back({});
            continue;
        }
        if (name(at->type) != *type) return wrong(std::string{*fact} + " is no " + std::string{*type}, r.offset());
        const auto slot = static_cast<std::uint16_t>(at - all.begin());
        if (has(slot)) return wrong(std::string{*fact} + " stands twice", r.offset());
        columns_.push_back({true, slot, at->type});
    }
    auto rules = names(r);
    if (!rules) return fail(rules.error());
    auto texts = names(r);
    if (!texts) return fail(texts.error());
    rules_ = std::move(*rules);
    texts_ = std::move(*texts);
    std::vector<std::uint32_t> order(texts_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) { return texts_[a] < texts_[b]; });
    places_.resize(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        if (i > 0 && texts_[order[i]] == texts_[order[i - 1]]) return wrong("a text stands twice", r.offset());
        places_[order[i]] = i;
    }
    at_ = r.offset();
    return {};
}

bool FactsFile::has(std::uint16_t slot) const {
    return std::any_of(columns_.begin(), columns_.end(), [slot](const Column& c) { return c.known && c.slot == slot; });
}

Result<bool> FactsFile::next(RecordedCrossing& out) {
    if (at_ == bytes_.size()) return false;
    const std::size_t facts = schema_->facts().size();
    if (out.slots.size() != facts) {  // what the file has not stays unknown; the rest is written each time
        out.slots.assign(facts, Value::unknown(Cause::not_read));
        out.texts.assign(facts, no_text);
    }
    out.rules.clear();
    out.several.clear();
    out.arena.clear();
    Decoder in(bytes_, at_);
    CrossingReader reader(in, texts_, places_, out);
    const Decoder::Head whole = in.head();
    bool good = whole.major == Decoder::array && whole.value == columns_.size() + 1;
    std::size_t at = in.at();
    for (std::size_t i = 0; good && i < columns_.size(); ++i) {
        const Column& c = columns_[i];
        const std::size_t length = c.known && at < bytes_.size() ? reader.plain(bytes_.subspan(at), c.slot, c.type) : 0;
        at += length;
        if (length > 0) continue;
        in.go_to(at);
        good = c.known ? reader.fact(c.slot, c.type) : reader.skip();
        at = in.at();
    }
    in.go_to(at);
    good = good && reader.rules(rules_.size());
    if (!good) return wrong("a crossing", in.at());
    at_ = in.at();
    return true;
}

}  // namespace paso
