// paso-samples: payloads made up from a seed, one a file, for run.mjs, which has ours and its peers read them.
//     paso-samples FOLDER COUNT SEED
// writes mrz-N.txt (the five formats of Doc 9303), pass-N.txt (IATA 792) and card-N.txt (AAMVA), N from 0 to COUNT - 1.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "core/barcode/driving_licence.hpp"
#include "tests/support/boarding_passes.hpp"
#include "tests/support/made_up_documents.hpp"

namespace {

using namespace paso;

std::string mrz_text(std::mt19937& r) {
    constexpr std::size_t doc_9303 = 5;  // the national formats are not the peers' business
    const auto lines = write_mrz(made_up::document(r, mrz_formats[r() % doc_9303])).value();
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return out;
}

// Dates as the card's country writes them since version 1: month first in the United States, year first in Canada.
std::string card_date(Date d, bool canadian) {
    const std::string iso = d.iso();
    const std::string year = iso.substr(0, 4);
    const std::string rest = iso.substr(5, 2) + iso.substr(8, 2);
    return canadian ? year + rest : rest + year;
}

std::string card_text(std::mt19937& r) {
    const bool canadian = r() % 4 == 0;
    const auto day = [&](int first, int days) {
        return card_date(Date::from_days(first + static_cast<int>(r() % static_cast<unsigned>(days))), canadian);
    };
    const auto name = [&] { return made_up::some(r, 2, 14, made_up::letters); };
    LicenceSubfile dl{"DL", {}};
    const auto put = [&dl](const char* id, std::string value) {
        dl.elements.push_back({id, Personal{std::move(value)}, 0});
    };
    put("DAQ", made_up::some(r, 5, 14, made_up::both));
    put("DCS", name());
    put("DAC", name());
    if (r() % 2 == 0) put("DAD", name());
    put("DBD", day(18000, 2000));
    put("DBB", day(-9000, 20000));
    put("DBA", day(20800, 3000));
    put("DBC", r() % 2 == 0 ? "1" : "2");
    put("DAU", "1" + made_up::some(r, 2, 2, made_up::digits) + (canadian ? " cm" : " in"));
    put("DAG", made_up::some(r, 2, 2, made_up::digits) + " HARBOUR ROAD");
    put("DAI", name());
    put("DAJ", canadian ? "ON" : "CA");
    put("DAK", canadian ? "K1A 0B1    " : made_up::some(r, 9, 9, made_up::digits) + "  ");
    put("DCF", made_up::some(r, 5, 20, made_up::both));
    put("DCG", canadian ? "CAN" : "USA");
    LicenceFile file{canadian ? "636012" : "636014", 4 + static_cast<int>(r() % 7), 0, {}};
    file.subfiles.push_back(std::move(dl));
    return std::string{as_text(write_driving_licence(file).value())};
}

void write(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error(path + " cannot be written");
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) {
        std::cerr << "usage: paso-samples FOLDER COUNT SEED\n";
        return 2;
    }
    const std::string folder = words[1];
    const int samples = std::atoi(words[2]);
    std::mt19937 r(static_cast<unsigned>(std::atoi(words[3])));
    for (int i = 0; i < samples; ++i) {
        const std::string tail = "-" + std::to_string(i) + ".txt";
        write(folder + "/mrz" + tail, mrz_text(r));
        write(folder + "/pass" + tail, write_boarding_pass(made_up::some_pass(r)).value());
        write(folder + "/card" + tail, card_text(r));
    }
    return 0;
}
