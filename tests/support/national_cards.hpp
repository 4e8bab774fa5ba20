// Payloads of national identity cards of people who do not exist, made by rule: tests and seeds never hold a payload
// that was found somewhere. Templates are noise.
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace paso::test {

struct CardPerson {
    std::string number = "1023456789";  // 10 digits
    std::string first_surname = "ERIKSSON";
    std::string second_surname = "UTOPIA";
    std::string given_names = "ANNA";
    std::string more_names = "MARIA";
    char sex = 'F';
    std::string birth = "19740812";
    std::string expiry = "20301231";
    bool operator==(const CardPerson&) const = default;
};

inline std::string padded(std::string_view text, std::size_t size, char pad = '\0') {
    std::string out{text.substr(0, size)};
    out.resize(size, pad);
    return out;
}

inline std::string noise(std::size_t size, std::uint32_t seed) {
    std::mt19937 r(seed);
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>(1 + r() % 255);  // no zeros: what is zeroed can be told
    return out;
}

inline std::string argentina_card(const CardPerson& p, bool with_tax_number) {
    const std::string date = p.birth.substr(6, 2) + "/" + p.birth.substr(4, 2) + "/" + p.birth.substr(0, 4);
    std::string out = "00123456789@" + p.first_surname + "@" + p.given_names + " " + p.more_names + "@" + p.sex + "@" +
                      p.number.substr(0, 8) + "@B@" + date + "@15/03/2020";
    if (with_tax_number) out += "@274";
    return out;
}

inline std::string argentina_old_card(const CardPerson& p) {
    const std::string date = p.birth.substr(6, 2) + "/" + p.birth.substr(4, 2) + "/" + p.birth.substr(0, 4);
    return "@" + padded(p.number.substr(0, 8), 12, ' ') + "@A@1@" + p.first_surname + "@" + p.given_names +
           "@UTOPIANA@" + date + "@" + p.sex + "@30/05/2011@00123456789@7055 @30/05/2026@407@0@ILR:2.01 C:1@UNIDAD #02";
}

// Mod 11 of the civil registry.
inline char run_check_digit(std::string_view run) {
    int sum = 0;
    for (std::size_t i = 0; i < run.size(); ++i) sum += (run[run.size() - 1 - i] - '0') * static_cast<int>(2 + i % 6);
    return "0K987654321"[sum % 11];
}
inline std::string run_of(const CardPerson& p) {
    const std::string run = p.number.substr(0, 8);
    return run + run_check_digit(run);
}

inline char mrz_check(std::string_view text) {
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c == '<' ? 0 : c - 'A' + 10;
        sum += value * std::array{7, 3, 1}[i % 3];
    }
    return static_cast<char>('0' + sum % 10);
}

inline std::string chile_link(const CardPerson& p, bool newer) {
    const std::string run = run_of(p);
    const std::string serial = newer ? "A12345678" : "512345678";
    const std::string birth = p.birth.substr(2);
    const std::string expiry = p.expiry.substr(2);
    const std::string mrz = serial + mrz_check(serial) + birth + mrz_check(birth) + expiry + mrz_check(expiry);
    const std::string query =
        "RUN=" + run.substr(0, 8) + "-" + run[8] + "&type=CEDULA&serial=" + serial + "&mrz=" + mrz;
    return newer ? "https://portal.nuevosidiv.registrocivil.cl/document-validity?" + query
                 : "https://portal.sidiv.registrocivil.cl/docstatus?" + query;
}

inline constexpr std::size_t chile_template_begin = 68;
inline std::string chile_old_card(const CardPerson& p) {
    return padded(run_of(p), 19, ' ') + padded(p.first_surname, 30) + "UTO" + p.expiry.substr(2) + "A123456789" +
           noise(352, 56);
}

inline constexpr std::size_t colombia_template_begin = 166;
inline std::string colombia_card(const CardPerson& p) {
    std::string out = padded("03", 2) + padded("12345678", 22) + padded("PubDSK_1", 16) + "45678901" + p.number;
    for (const std::string& name : {p.first_surname, p.second_surname, p.given_names, p.more_names})
        out += padded(name, 23);
    out += "0";
    out += p.sex;
    out += p.birth + "11" + "001" + "0";
    return out + noise(531 - out.size(), 57);
}

// As a reader that makes one zero of many writes it.
inline std::string with_short_runs(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != '\0' || out.empty() || out.back() != '\0') out.push_back(c);
    }
    return out;
}

inline constexpr std::size_t costa_rica_template_begin = 108;
inline std::string costa_rica_card(const CardPerson& p) {
    std::string plain = p.number.substr(0, 9) + padded(p.first_surname, 26, ' ') + padded(p.second_surname, 26, ' ') +
                        padded(p.given_names + " " + p.more_names, 30, ' ') + p.sex + p.birth + p.expiry;
    constexpr std::array<unsigned char, 17> key{0x27, 0x30, 0x04, 0xA0, 0x00, 0x0F, 0x93, 0x12, 0xA0,
                                                0xD1, 0x33, 0xE0, 0x03, 0xD0, 0x00, 0xDF, 0x00};
    for (std::size_t i = 0; i < plain.size(); ++i) {
        plain[i] = static_cast<char>(static_cast<unsigned char>(plain[i]) ^ key[i % key.size()]);
    }
    return plain + noise(600, 58);
}

inline std::string mexico_link(const CardPerson& p) {
    return "https://qr.ine.mx/" + padded(p.number, 24, '7') + "/" + p.birth + "/P/123456";
}

}  // namespace paso::test
