// One function for each kind of payload, member by member.
#include "kiosk/tool/barcode_json.hpp"

#include <utility>

#include "core/encoding/utf8.hpp"

namespace paso {
namespace {

namespace json = boost::json;

json::string text_json(std::string_view text) { return json::string(to_utf8(text)); }

// An object that leaves out what has no value.
class Members {
  public:
    Members& add(std::string_view name, std::string_view text) {
        if (!text.empty()) out_[name] = text_json(text);
        return *this;
    }
    Members& add(std::string_view name, const Personal<std::string>& text) { return add(name, text.reveal()); }
    Members& add(std::string_view name, char c) { return c == ' ' ? *this : add(name, std::string_view{&c, 1}); }
    Members& add(std::string_view name, const std::optional<Date>& date) {
        return date ? add(name, std::string_view{date->iso()}) : *this;
    }
    Members& add(std::string_view name, const std::optional<WallTime>& time) {
        return time ? add(name, std::string_view{time->iso()}) : *this;
    }
    Members& add(std::string_view name, json::array items) {
        if (!items.empty()) out_[name] = std::move(items);
        return *this;
    }
    Members& add(std::string_view name, json::object members) {
        if (!members.empty()) out_[name] = std::move(members);
        return *this;
    }
    Members& flag(std::string_view name, bool value) {
        out_[name] = value;
        return *this;
    }
    Members& number(std::string_view name, std::int64_t value) {
        out_[name] = value;
        return *this;
    }
    // The day, else what is written for it.
    template <class T>
    Members& written(std::string_view name, const T& date) {
        return date.date ? add(name, date.date) : add(name, std::string_view{date.raw});
    }
    [[nodiscard]] json::object take() { return std::move(out_); }

  private:
    json::object out_;
};

// ---- boarding pass ----

json::object leg_json(const FlightLeg& leg) {
    const LegItems& i = leg.items;
    Members m;
    m.add("record_locator", leg.record_locator).add("from", leg.from).add("to", leg.to).add("carrier", leg.carrier);
    m.add("flight", leg.flight).number("day_of_year", leg.date.day_of_year).add("date_inferred", leg.date.date);
    m.add("compartment", leg.compartment).add("seat", leg.seat).add("sequence", leg.sequence);
    m.add("passenger_status", leg.passenger_status).add("airline_number", i.airline_number);
    m.add("document_number", i.document_number).add("selectee", i.selectee);
    m.add("documents_verification", i.documents_verification).add("marketing_carrier", i.marketing_carrier);
    m.add("frequent_flyer_airline", i.frequent_flyer_airline).add("frequent_flyer_number", i.frequent_flyer_number);
    m.add("id_ad", i.id_ad).add("free_bags", i.free_bags).add("fast_track", i.fast_track);
    m.add("airline_use", i.airline_use).number("offset", leg.offset);
    return m.take();
}

void put(Members& m, const BoardingPass& p) {
    json::array legs;
    for (const FlightLeg& leg : p.legs) legs.push_back(leg_json(leg));
    json::array tags;
    for (const std::string& tag : p.items.bag_tags) tags.push_back(text_json(tag));
    m.add("name", p.name).flag("electronic_ticket", p.electronic_ticket).number("version", p.version);
    m.add("legs", std::move(legs)).add("passenger_description", p.items.passenger_description);
    m.add("check_in_source", p.items.check_in_source).add("issuance_source", p.items.issuance_source);
    m.add("issued", p.items.issued).add("issue_date_inferred", p.items.issue_date);
    m.add("document_type", p.items.document_type).add("issuer", p.items.issuer).add("bag_tags", std::move(tags));
    m.flag("security_data_present", p.security_data_present);
}

// ---- seals ----

struct ValueJson {
    json::value operator()(const Personal<Bytes>& v) const { return json::string(to_hex(v.reveal())); }
    json::value operator()(const Personal<std::string>& v) const { return text_json(v.reveal()); }
    json::value operator()(const Personal<MrzRows>& v) const {
        json::array rows;
        for (const std::string& row : v.reveal().rows) rows.push_back(text_json(row));
        return rows;
    }
    json::value operator()(std::uint8_t v) const { return v; }
    json::value operator()(const StayDuration& v) const {
        return json::object{{"days", v.days}, {"months", v.months}, {"years", v.years}};
    }
    json::value operator()(const Date& v) const { return json::string(v.iso()); }
    json::value operator()(const Personal<MaskedDate>& v) const { return json::string(v.reveal().text); }
    json::value operator()(const Withheld& v) const { return json::object{{"withheld_bytes", v.size}}; }
};

json::object feature_json(const SealFeature& f) {
    return {{"tag", f.tag},
            {"meaning", name(f.meaning)},
            {"value", std::visit(ValueJson{}, f.value)},
            {"offset", f.offset},
            {"size", f.size}};
}
json::array features_json(const std::vector<SealFeature>& features) {
    json::array out;
    for (const SealFeature& f : features) out.push_back(feature_json(f));
    return out;
}

// Three checks, and why one of them is unknown.
void put_checks(Members& m, const SealTrust& t) {
    m.add("signature", name(t.signature)).add("chain", name(t.chain.chain)).add("profile", name(t.chain.profile));
    const bool open = t.signature == Check::unknown || t.chain.chain == Check::unknown;
    if (open && t.signature != Check::absent) m.add("cause", name(t.chain.cause));
}

json::object trust_json(const SealTrust& t) {
    Members m;
    put_checks(m, t);
    if (t.signer) {
        Members s;
        s.add("country", t.signer->subject.country).add("name", t.signer->subject.common_name);
        s.add("serial", t.signer->serial).add("issuer_country", t.signer->issuer.country);
        s.add("issuer_name", t.signer->issuer.common_name).add("sha256", std::string_view{to_hex(t.signer->sha256)});
        m.add("signer", s.take());
    }
    return m.take();
}

void put(Members& m, const VisibleSeal& s) {
    const SealHeader& h = s.reading.header;
    m.add("document", s.document).add("country", h.country).add("signer", h.signer);
    m.add("certificate_reference", h.certificate_reference).add("issued", std::optional{h.issued});
    m.add("signed_on", std::optional{h.signed_on}).number("version", h.version).add("layout", name(h.layout));
    m.number("definition", h.definition).number("category", h.category);
    m.add("features", features_json(s.reading.features)).add("trust", trust_json(s.trust));
    m.number("other_readings", static_cast<std::int64_t>(s.others.size()));
}

void put(Members& m, const BarcodeDataStructure& b) {
    json::array messages;
    for (const BarcodeMessage& message : b.messages) {
        json::object one = feature_json(message.feature);
        if (!message.parts.empty()) {
            one.erase("value");  // its bytes are the parts
            one["parts"] = features_json(message.parts);
        }
        messages.push_back(std::move(one));
    }
    m.add("document", b.document).add("country", b.country).flag("signed", b.is_signed);
    m.flag("compressed", b.compressed);
    if (b.is_signed) {
        m.number("algorithm", b.algorithm);
        m.add("certificate_reference", std::string_view{to_hex(b.certificate_reference)});
    }
    if (b.signed_on) m.add("signed_on", b.signed_on->text);
    m.add("messages", std::move(messages)).add("trust", trust_json(b.trust));
}

void put(Members& m, const VdsNc& v) {
    json::array seals;
    for (const VdsNcSeal& s : v.seals) {
        json::array fields;
        for (const VdsNcField& f : s.fields) {
            fields.push_back({{"pointer", text_json(f.pointer)},
                              {"meaning", name(f.meaning)},
                              {"value", text_json(f.value.reveal())}});
        }
        Members one;
        one.add("type", s.type).number("version", s.version).add("issuer", s.issuer).add("algorithm", s.algorithm);
        one.add("fields", std::move(fields))
            .add("assurance", name(s.trust.assurance))
            .add("trust", trust_json(s.trust));
        seals.push_back(one.take());
    }
    m.flag("array", v.array).add("seals", std::move(seals));
}

// ---- licence, card ----

void put(Members& m, const DrivingLicence& l) {
    json::array subfiles;
    for (const LicenceSubfile& s : l.file.subfiles) {
        json::array elements;
        for (const LicenceElement& e : s.elements)
            elements.push_back(json::array{text_json(e.id), text_json(e.value.reveal())});
        subfiles.push_back(json::object{{"type", text_json(s.type)}, {"elements", std::move(elements)}});
    }
    m.add("issuer", l.file.issuer).number("version", l.file.version).add("country", l.country);
    m.add("jurisdiction", l.jurisdiction).add("number", l.number).add("family_name", l.family_name);
    m.add("given_names", l.given_names).add("middle_names", l.middle_names).add("suffix", l.suffix);
    m.written("birth", l.birth.reveal()).written("expiry", l.expiry).written("issued", l.issued).add("sex", l.sex);
    m.add("street", l.street).add("city", l.city).add("postal_code", l.postal_code);
    m.add("discriminator", l.discriminator).add("compliance", l.compliance);
    m.flag("limited_duration", l.limited_duration).flag("credential_present", l.credential_present);
    m.add("subfiles", std::move(subfiles));
}

void put(Members& m, const NationalCard& c) {
    json::array places;
    for (const CardPlace& p : c.places) places.push_back(json::array{json::string(p.field), p.offset, p.length});
    m.add("card", name(c.kind)).add("country", c.country).flag("low_confidence", c.low_confidence);
    m.add("number", c.number).add("surnames", c.surnames).add("given_names", c.given_names).add("sex", c.sex);
    m.written("birth", c.birth.reveal()).written("issued", c.issued).written("expiry", c.expiry);
    if (c.birth.reveal().date) m.flag("birth_century_inferred", c.birth.reveal().century_inferred);
    m.add("serial", c.serial).add("tax_number", c.tax_number).add("copy", c.copy);
    m.add("document_type", c.document_type).add("nationality", c.nationality).add("municipality", c.municipality);
    m.add("places", std::move(places)).number("template_bytes_cut", static_cast<std::int64_t>(c.cut));
}

// ---- health certificate ----

json::object person_json(const HealthPerson& p) {
    Members m;
    m.add("family_name", p.family_name).add("given_names", p.given_names).add("full_name", p.full_name);
    m.add("family_name_mrz", p.family_name_mrz).add("given_names_mrz", p.given_names_mrz);
    m.add("birth", p.birth.reveal().raw).add("sex", p.sex).add("nationality", p.nationality);
    m.add("document", p.document).add("guardian", p.guardian);
    return m.take();
}

json::object entry_json(const HealthEntry& e) {
    Members m;
    m.add("target", name(e.target)).add("disease", e.disease).add("vaccine", e.vaccine).add("product", e.product);
    m.add("manufacturer", e.manufacturer).add("batch", e.batch).add("dose", e.dose);
    if (e.doses) m.number("doses", *e.doses);
    m.add("date", e.date.raw).add("valid_from", e.valid_from.raw).add("valid_until", e.valid_until.raw);
    m.add("test_type", e.test_type).add("test_name", e.test_name).add("test_result", e.test_result);
    m.add("centre", e.centre).add("country", e.country).add("issuer", e.issuer).add("clinician", e.clinician);
    m.add("identifier", e.identifier);
    return m.take();
}

std::string_view algorithm_name(CoseAlgorithm a) {
    switch (a) {
        case CoseAlgorithm::es256:
            return "ES256";
        case CoseAlgorithm::es384:
            return "ES384";
        case CoseAlgorithm::es512:
            return "ES512";
        case CoseAlgorithm::ps256:
            return "PS256";
    }
    return "";
}

void put(Members& m, const HealthCertificate& c) {
    m.add("certificate", name(c.content)).add("issuer", c.issuer).add("issued", c.issued).add("expires", c.expires);
    m.add("version", c.version).add("person", person_json(c.person)).add("entry", entry_json(c.entry));
    if (c.algorithm) m.add("algorithm", algorithm_name(*c.algorithm));
    m.add("key_id", std::string_view{to_hex(c.key_id)});
    Members checks;
    checks.add("signature", name(c.signature)).add("listing", name(c.listing)).add("validity", name(c.validity));
    checks.add("usage", name(c.usage)).add("schema", name(c.schema));
    if (c.signature == Check::unknown || c.listing == Check::unknown) checks.add("cause", name(c.cause));
    m.add("trust", checks.take());
}

// ---- links, unknown ----

void put(Members& m, const MdocEngagement& e) {
    json::array transports;
    for (const MdocTransport t : e.transports) transports.push_back(json::string(name(t)));
    m.add("version", e.version).flag("device_key_present", e.device_key_present);
    if (e.cipher_suite) m.number("cipher_suite", *e.cipher_suite);
    m.add("transports", std::move(transports));
}

void put(Members& m, const Url& u) {
    m.add("scheme", u.scheme).add("host", u.host).number("size", static_cast<std::int64_t>(u.size));
}

void put(Members& m, const UnknownPayload& u) {
    m.number("size", static_cast<std::int64_t>(u.size));
    if (u.claimed) m.add("claimed", name(*u.claimed));
}

}  // namespace

json::object content_json(const BarcodeContent& content) {
    Members m;
    m.add("sha256", std::string_view{to_hex(content.digest)});
    std::visit([&m](const auto& what) { put(m, what); }, content.what);
    return m.take();
}

json::array problems_json(const std::vector<Error>& problems) {
    json::array out;
    for (const Error& e : problems) {
        json::object one{{"code", e.code}};
        if (!e.detail.empty()) one["detail"] = text_json(e.detail);
        if (e.place.offset) one["offset"] = *e.place.offset;
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace paso
