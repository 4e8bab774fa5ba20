// paso-specimen: pictures of documents of the State of Utopia, and a live camera that shows them. Tests and demo only.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <opencv2/core.hpp>
#include <string>

#include "tests/specimens/picture_file.hpp"
#include "tests/specimens/player.hpp"

namespace {

using namespace paso;

struct Common {
    std::string today;  // YYYY-MM-DD; empty: of the system clock
    [[nodiscard]] std::optional<Date> day() const {
        if (!today.empty()) return Date::parse(today);
        const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
        return Date::from_days(static_cast<std::int32_t>(days.time_since_epoch().count()));
    }
};

struct WriteOptions {
    std::string format = "TD3";
    std::uint64_t seed = 1;
    int count = 1;
    std::string out = ".";
    std::string view = "upright";
    bool expired = false, minor = false, damaged = false, wrong_page = false, png = false, jpeg = false;
    std::string barcode = "none";
    std::string fault = "none";
    bool long_number = false;
    std::string payload;
    std::string size = "1920x1080";
    int quality = 92;
};

struct PlayOptions {
    std::string socket;
    std::string control;
    double fps = 12;
    std::string size = "1280x720";
    std::uint64_t seed = 1;
};

std::optional<cv::Size> size_of(const std::string& text) {
    int w = 0, h = 0, end = 0;
    if (std::sscanf(text.c_str(), "%5dx%5d%n", &w, &h, &end) != 2 || static_cast<std::size_t>(end) != text.size()) {
        return std::nullopt;
    }
    if (w < 320 || h < 180 || w > 3840 || h > 2160 || w % 2 != 0 || h % 2 != 0) return std::nullopt;
    return cv::Size(w, h);
}

int complain(const std::string& text) {
    std::cerr << "paso-specimen: " << text << "\n";
    return 1;
}

std::string base64(ByteView bytes) {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (i + k < bytes.size() ? std::to_integer<unsigned>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out.push_back(i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63U]);
        }
    }
    return out;
}

// Every value is A-Z, 0-9, '<', base64 or a file name that this program made: nothing needs an escape.
std::string truth(const SpecimenSpec& s, const std::string& file) {
    std::string lines;
    if (s.page == PageKind::data_page) {
        for (const std::string& line : printed_lines(s)) lines += (lines.empty() ? "\"" : ", \"") + line + "\"";
    }
    return R"({"file": ")" + file + R"(", "format": ")" + std::string{name(s.format)} + R"(", "seed": )" +
           std::to_string(s.seed) + R"(, "lines": [)" + lines + R"(], "damaged": )" + (s.damaged ? "true" : "false") +
           R"(, "symbology": ")" + std::string{name(s.symbol)} + R"(", "bytes": ")" + base64(s.payload) + "\"}\n";
}

// The flat page, cut to an even size.
Frame page_frame(const Page& page) {
    const cv::Mat even = page.bgr(cv::Rect(0, 0, page.bgr.cols & ~1, page.bgr.rows & ~1));
    return to_frame(to_planes(even), {}, 0);
}

Result<Frame> seen(const Page& page, const SpecimenSpec& spec, const WriteOptions& o, cv::Size size) {
    if (o.view == "page") return page_frame(page);
    if (o.view == "hard") return look(page, hard(spec.seed, spec.format, size.width, size.height));
    return look(page, upright_sharp(spec.seed, spec.format, size.width, size.height));
}

SpecimenSpec wanted(const WriteOptions& o, MrzFormat format, SymbolKind kind, std::uint64_t seed, Date today) {
    SpecimenSpec s = make_specimen(format, seed, today);
    if (o.minor) s = minor(s, today);
    if (o.expired) s = expired(s, today);
    if (o.long_number && format == MrzFormat::td1) s = with_long_number(s);
    s.fault = print_fault(o.fault).value_or(PrintFault::none);
    s.damaged = o.damaged;
    if (o.wrong_page) s.page = PageKind::stamps_page;
    if (kind == SymbolKind::none) return s;
    return with_symbol(s, kind, as_bytes(o.payload.empty() ? boarding_pass(s, today) : o.payload));
}

Status write_one(const SpecimenSpec& spec, const WriteOptions& o, cv::Size size, const Typefaces& faces,
                 std::ostream& truths) {
    const auto page = render_page(spec, faces);
    if (!page) return fail(page.error());
    const auto frame = seen(*page, spec, o, size);
    if (!frame) return fail(frame.error());
    const auto bytes = o.png ? png_file(*frame) : jpeg_file(*frame, o.quality);
    if (!bytes) return fail(bytes.error());
    const std::string file =
        std::string{name(spec.format)} + "-" + std::to_string(spec.seed) + (o.png ? ".png" : ".jpg");
    std::ofstream out(std::filesystem::path(o.out) / file, std::ios::binary);
    out << as_text(*bytes);
    if (!out.flush()) return fail("specimen.write", file);
    truths << truth(spec, file);
    return {};
}

int write_all(const WriteOptions& o, const Common& common) {
    const auto format = specimen_format(o.format);
    const auto kind = symbol_kind(o.barcode);
    const auto today = common.day();
    const auto size = size_of(o.size);
    if (!format || !kind || !today || !size) return complain("unknown format, barcode, size or date");
    const auto faces = Typefaces::open();
    if (!faces) return complain(describe(faces.error()));
    std::filesystem::create_directories(o.out);
    std::ofstream truths(std::filesystem::path(o.out) / "truth.jsonl", std::ios::binary | std::ios::app);
    for (int i = 0; i < o.count; ++i) {
        const auto spec = wanted(o, *format, *kind, o.seed + static_cast<std::uint64_t>(i), *today);
        if (const Status done = write_one(spec, o, *size, *faces, truths); !done)
            return complain(describe(done.error()));
    }
    return truths.flush() ? 0 : complain("truth.jsonl cannot be written");
}

int play_live(const PlayOptions& o, const Common& common) {
    const auto today = common.day();
    const auto size = size_of(o.size);
    if (!today || !size) return complain("unknown size or date");
    const auto faces = Typefaces::open();
    if (!faces) return complain(describe(faces.error()));
    Director director({o.seed, size->width, size->height, o.fps}, *today, *faces);
    PlayerOptions options{o.socket, std::nullopt, o.fps, o.control.empty()};
    if (!o.control.empty()) options.control = o.control;
    const Status done = run_player(director, options);
    return done ? 0 : complain(describe(done.error()));
}

int print_boarding_pass(const std::string& name, std::uint64_t seed, const Common& common) {
    const auto today = common.day();
    const auto spec = today ? named_specimen(name, seed, *today) : std::nullopt;
    if (!spec) return complain("unknown name or date");
    std::cout << boarding_pass(*spec, *today);
    return 0;
}

int tell(const std::string& control, const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& w : words) line += (line.empty() ? "" : " ") + w;
    const auto said = tell_player(control, line);
    if (!said) return complain(describe(said.error()));
    std::cout << *said;
    return said->starts_with("unknown") ? 1 : 0;
}

void add_write(CLI::App& app, WriteOptions& o) {
    app.add_option("--format", o.format, "TD3, TD2, TD1, MRV-A, MRV-B, FR-ID or CH-DL")->capture_default_str();
    app.add_option("--seed", o.seed, "of the first picture")->capture_default_str();
    app.add_option("--count", o.count, "pictures, with seeds that follow")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--out", o.out, "folder; truth.jsonl grows by a line a picture")->capture_default_str();
    app.add_option("--view", o.view, "page (flat), upright or hard")
        ->check(CLI::IsMember({"page", "upright", "hard"}))
        ->capture_default_str();
    app.add_option("--size", o.size, "of the camera's picture")->capture_default_str();
    app.add_flag("--expired", o.expired, "expired two years ago");
    app.add_flag("--minor", o.minor, "a child of twelve");
    app.add_flag("--damaged", o.damaged, "stain and scratches over the MRZ");
    app.add_flag("--long-number", o.long_number, "TD1: a number of 13 characters");
    app.add_option("--fault", o.fault, "of the print: none, check-digit, tilde, missing-filler or single-filler")
        ->check(CLI::IsMember({"none", "check-digit", "tilde", "missing-filler", "single-filler"}))
        ->capture_default_str();
    app.add_flag("--wrong-page", o.wrong_page, "a page of stamps");
    app.add_option("--barcode", o.barcode, "none, qr, aztec, pdf417 or datamatrix")->capture_default_str();
    app.add_option("--payload", o.payload, "of the symbol; otherwise a boarding pass");
    app.add_flag("--png", o.png, "PNG files");
    app.add_flag("--jpeg", o.jpeg, "JPEG files (as without it)")->excludes("--png");
    app.add_option("--quality", o.quality, "of JPEG files")->check(CLI::Range(1, 100))->capture_default_str();
}

void add_play(CLI::App& app, PlayOptions& o) {
    app.add_option("--socket", o.socket, "where the pipe camera listens")->required();
    app.add_option("--control", o.control, "Unix socket to listen at for commands; standard input may then end");
    app.add_option("--fps", o.fps, "frames a second")->check(CLI::Range(1.0, 60.0))->capture_default_str();
    app.add_option("--size", o.size, "of the picture")->capture_default_str();
    app.add_option("--seed", o.seed, "of glass, hand and noise")->capture_default_str();
}

int run(int argc, char** argv) {
    cv::setNumThreads(1);
    Common common;
    WriteOptions write_options;
    PlayOptions play_options;
    std::string pass_name = "clear", control;
    std::uint64_t pass_seed = 0;
    std::vector<std::string> words;
    CLI::App app{"Specimen documents of the State of Utopia, for tests and the demo"};
    app.set_version_flag("--version", PASO_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--today", common.today, "YYYY-MM-DD, instead of the system's date");
    auto* write = app.add_subcommand("write", "write pictures and truth.jsonl");
    add_write(*write, write_options);
    auto* play = app.add_subcommand("play", "play a live camera; commands by standard input or --control");
    add_play(*play, play_options);
    auto* table = app.add_subcommand("list", "print the table of named specimens");
    auto* pass = app.add_subcommand("boarding-pass", "print an IATA 792 payload for the holder of a named specimen");
    pass->add_option("--name", pass_name, "of the specimen")->capture_default_str();
    pass->add_option("--seed", pass_seed, "0: the fixed specimen of that name")->capture_default_str();
    auto* say = app.add_subcommand("tell", "send one command to a player");
    say->add_option("--control", control, "the player's control socket")->required();
    say->add_option("command", words, "for example: clear")->required();
    CLI11_PARSE(app, argc, argv);
    if (*write) return write_all(write_options, common);
    if (*play) return play_live(play_options, common);
    if (*pass) return print_boarding_pass(pass_name, pass_seed, common);
    if (*say) return tell(control, words);
    if (*table) std::cout << specimen_table();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& e) {
        return complain(e.what());
    }
}
