// The layout of each page. Over 400 lines it would be parted; the tables of places are most of it.
#include "tests/specimens/page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <tuple>

#include "tests/specimens/seeded.hpp"
#include "tests/specimens/symbol.hpp"

namespace paso {
namespace {

constexpr double mrz_pitch = 2.54;            // ten characters an inch
constexpr double mrz_em = mrz_pitch / 0.723;  // OCR-B's advance is 723 thousandths of its em
constexpr double mrz_cap = mrz_em * 0.723;
constexpr double mrz_zone = 23.2;  // height from the lower edge
constexpr double mrz_lines_apart = 6.35;
constexpr double mrz_last_centre = 9.4;  // of the lowest line, from the lower edge (TD1: 5.6, three lines)

const cv::Scalar ink_black{30, 26, 26};

struct Entry {
    std::string label;
    std::string value;
    double x;  // from the left end of the field area, as a share of its width
};
using Row = std::vector<Entry>;

struct Layout {
    cv::Size2d size;
    double mrz_left;
    cv::Rect2d portrait;  // empty: none
    cv::Rect2d fields;    // place of the visual zone
    double row_height;
    cv::Rect2d square;  // place of a square symbol
    cv::Rect2d wide;    // place of a PDF417 symbol
    std::string spanish, english;
};

Layout layout_of(MrzFormat f) {
    switch (f) {
        case MrzFormat::td3:
            return {{125, 88},
                    6.5,
                    {6, 16.5, 34, 44.5},
                    {46, 17, 74, 46},
                    7.4,
                    {98.5, 38.6, 20, 20},
                    {46, 46.8, 73, 16.2},
                    "PASAPORTE",
                    "PASSPORT"};
        case MrzFormat::td2:
        case MrzFormat::french_id:
            return {{105, 74},
                    6,
                    {5, 13.5, 27.5, 35.5},
                    {36.5, 14, 65, 35},
                    6.1,
                    {83, 31, 17.5, 17.5},
                    {36.5, 36.6, 63, 13.6},
                    "DOCUMENTO DE IDENTIDAD",
                    "IDENTITY CARD"};
        case MrzFormat::td1:
        case MrzFormat::swiss_licence:
            return {{85.6, 53.98},
                    4.6,
                    {},
                    {5, 8.4, 76, 20},
                    5.6,
                    {61, 6.6, 20, 20},
                    {5, 14.2, 75, 16},
                    "DOCUMENTO DE IDENTIDAD",
                    "IDENTITY CARD"};
        case MrzFormat::mrv_a:
            return {{120, 80},
                    4.6,
                    {5.5, 14.5, 30, 39},
                    {41, 15.5, 75, 39},
                    6.7,
                    {95, 33.5, 20, 20},
                    {41, 42.4, 73, 13.8},
                    "VISADO",
                    "VISA"};
        case MrzFormat::mrv_b:
            return {{105, 74},
                    6,
                    {5, 13.5, 27.5, 35.5},
                    {36.5, 14, 65, 35},
                    6.1,
                    {83, 31, 17.5, 17.5},
                    {36.5, 36.6, 63, 13.6},
                    "VISADO",
                    "VISA"};
    }
    return {};
}

std::string shown_date(Date d) {
    static constexpr std::array<std::string_view, 12> months{"ENE/JAN", "FEB/FEB", "MAR/MAR", "ABR/APR",
                                                             "MAY/MAY", "JUN/JUN", "JUL/JUL", "AGO/AUG",
                                                             "SEP/SEP", "OCT/OCT", "NOV/NOV", "DIC/DEC"};
    const std::string iso = d.iso();
    return iso.substr(8, 2) + " " + std::string{months[d.month() - 1]} + " " + iso.substr(0, 4);
}

std::string shown_sex(char sex) { return std::string(1, sex == '<' ? 'X' : sex); }

std::string birthplace(std::uint64_t seed) {
    static constexpr std::array<std::string_view, 8> towns{"PUERTO QUIMERA", "VALDORANTE", "SAN TREBOLIN", "ALTAMAREA",
                                                           "NUEVA ESQUIRLA", "MONTERVELA", "ISLA TANGRE",  "LAGUNDORA"};
    Seeded rng(seed, "town");
    return std::string{rng.pick(std::span{towns})};
}

std::vector<Row> rows_td3(const SpecimenSpec& s) {
    return {
        {{"Tipo / Type", s.code, 0}, {"Código / Code", s.issuer, 0.2}, {"Pasaporte n.º / Passport No.", s.number, 0.5}},
        {{"Apellidos / Surname", s.surname, 0}},
        {{"Nombres / Given names", s.given_names, 0}},
        {{"Nacionalidad / Nationality", "UTOPIANA", 0},
         {"N.º personal / Personal No.", s.optional_1.empty() ? "—" : s.optional_1, 0.5}},
        {{"Fecha de nacimiento / Date of birth", shown_date(s.birth), 0},
         {"Sexo / Sex", shown_sex(s.sex), 0.45},
         {"Lugar / Place", birthplace(s.seed), 0.6}},
        {{"Fecha de expedición / Date of issue", shown_date(s.issued), 0},
         {"Fecha de caducidad / Date of expiry", shown_date(s.expiry), 0.5}}};
}

std::vector<Row> rows_td2(const SpecimenSpec& s) {
    return {{{"Número / Document No.", s.number, 0}, {"Nacionalidad / Nationality", s.nationality, 0.55}},
            {{"Apellidos / Surname", s.surname, 0}},
            {{"Nombres / Given names", s.given_names, 0}},
            {{"Nacimiento / Date of birth", shown_date(s.birth), 0}, {"Sexo / Sex", shown_sex(s.sex), 0.55}},
            {{"Caducidad / Date of expiry", shown_date(s.expiry), 0}}};
}

std::vector<Row> rows_td1(const SpecimenSpec& s) {
    return {{{"Lugar de nacimiento / Place of birth", birthplace(s.seed), 0}},
            {{"Fecha de expedición / Date of issue", shown_date(s.issued), 0}},
            {{"Autoridad / Authority", "OFICINA CENTRAL DE UTOPÍA", 0}}};
}

std::vector<Row> rows_visa(const SpecimenSpec& s) {
    return {{{"Válido desde / Valid from", shown_date(s.issued), 0}, {"Hasta / Until", shown_date(s.expiry), 0.5}},
            {{"Apellidos / Surname", s.surname, 0}},
            {{"Nombres / Given names", s.given_names, 0}},
            {{"Nacimiento / Date of birth", shown_date(s.birth), 0},
             {"Sexo / Sex", shown_sex(s.sex), 0.5},
             {"Entradas / Entries", "MULT", 0.64}},
            {{"Visado n.º / Visa No.", s.number, 0}, {"Nacionalidad / Nationality", s.nationality, 0.5}}};
}

std::vector<Row> rows_of(const SpecimenSpec& s) {
    switch (s.format) {
        case MrzFormat::td3:
            return rows_td3(s);
        case MrzFormat::td2:
        case MrzFormat::french_id:
            return rows_td2(s);
        case MrzFormat::td1:
        case MrzFormat::swiss_licence:
            return rows_td1(s);
        case MrzFormat::mrv_a:
        case MrzFormat::mrv_b:
            return rows_visa(s);
    }
    return {};
}

// The bar across the head of the page.
void header(Canvas& c, const Layout& l, const Palette& p) {
    const bool small = l.size.height < 60;
    const double bar = small ? 6.2 : l.size.height * 0.135;
    c.rectangle({0, 0, l.size.width, bar}, {p.dark, 0.92});
    c.rectangle({0, bar + 0.35, l.size.width, 0.25}, {p.dark, 0.8});
    const Ink light{{246, 250, 252}, 1};
    draw_emblem(c, {small ? 5.4 : 8.5, bar / 2}, bar * 0.42, light);
    const double em = bar * (small ? 0.40 : 0.29);
    const double left = small ? 10.2 : 16.5;
    c.text({left, bar * (small ? 0.64 : 0.44)}, "ESTADO DE UTOPÍA", {Face::serif_bold, em, 0, em * 0.06}, light);
    if (!small) c.text({left, bar * 0.80}, "STATE OF UTOPIA", {Face::serif, em * 0.86, 0, em * 0.06}, light);
    const bool narrow = l.spanish.size() > 12;
    const std::string title = narrow ? "IDENTIDAD / IDENTITY" : l.spanish + " / " + l.english;
    const TextStyle style{Face::sans_bold, em * 0.92, 0, em * 0.05};
    c.text({l.size.width - 5 - c.text_width(title, style), bar * (small ? 0.64 : 0.62)}, title, style, light);
}

void visual_zone(Canvas& c, const Layout& l, const SpecimenSpec& s, const Palette& p) {
    const double h = l.row_height;
    double y = l.fields.y;
    const double limit = s.symbol == SymbolKind::pdf417 ? l.wide.y : 1e9;
    const bool square = s.symbol != SymbolKind::none && s.symbol != SymbolKind::pdf417;
    for (const Row& row : rows_of(s)) {
        if (y + h * 0.9 > limit) break;  // a wide symbol takes the place of the last rows
        for (const Entry& e : row) {
            const double x = l.fields.x + e.x * l.fields.width;
            const bool hidden = square && x + l.fields.width * 0.3 > l.square.x && y + h > l.square.y;
            if (hidden) continue;
            c.text({x, y + h * 0.30}, e.label, {Face::sans, h * 0.235}, {p.dark, 0.85});
            c.text({x, y + h * 0.80}, e.value, {Face::sans_bold, h * 0.415}, {ink_black, 0.95});
        }
        y += h;
    }
}

void portrait(Canvas& c, const Layout& l, const SpecimenSpec& s, const Palette& p) {
    const bool child = age_on(s.birth, s.issued) < 15;
    if (l.portrait.empty()) {  // the back of a card: a ghost only
        if (s.symbol != SymbolKind::none) return;
        const cv::Mat face = draw_portrait(s.seed, s.sex, child, 0.8, c.faces());
        c.picture({l.size.width - 22, 8.4, 16.4, 20.5}, face, 0.42);
        return;
    }
    const cv::Mat face = draw_portrait(s.seed, s.sex, child, l.portrait.width / l.portrait.height, c.faces());
    c.picture(l.portrait, face, 0.96);
    const cv::Rect2d r = l.portrait;
    c.curve({{r.x, r.y}, {r.x + r.width, r.y}, {r.x + r.width, r.y + r.height}, {r.x, r.y + r.height}}, 0.2,
            {p.dark, 0.9}, true);
    if (s.symbol == SymbolKind::none) {
        const double w = l.size.height * 0.15;
        c.picture({l.size.width - w - 4, l.fields.y + l.row_height * 1.0, w, w * 1.3}, face, 0.28);
    }
}

constexpr std::string_view spanish_n = "\u00d1";

// Cards have three rows, nearer to the edge.
bool is_card(MrzFormat f) { return f == MrzFormat::td1 || f == MrzFormat::swiss_licence; }

std::vector<PrintedRow> mrz_rows(const Layout& l, const SpecimenSpec& s) {
    std::vector<PrintedRow> rows;
    const auto lines = printed_lines(s);
    const double last = is_card(s.format) ? 5.6 : mrz_last_centre;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const double centre = l.size.height - last - mrz_lines_apart * static_cast<double>(lines.size() - 1 - i);
        const std::size_t cells =
            lines[i].size() - (lines[i].find(spanish_n) != std::string::npos ? spanish_n.size() - 1 : 0);
        rows.push_back({{l.mrz_left, centre + mrz_cap / 2}, mrz_pitch, mrz_cap, cells, Face::ocr_b});
    }
    return rows;
}

// A row of the zone; over an N the tilde that the face has not.
void machine_row(Canvas& c, const PrintedRow& row, std::string line) {
    const Ink ink{{24, 22, 22}, 0.97};
    if (const std::size_t n = line.find(spanish_n); n != std::string::npos) {
        line.replace(n, spanish_n.size(), "N");
        const double x = row.foot.x + mrz_pitch * (static_cast<double>(n) + 0.5);
        const double y = row.foot.y - mrz_cap - 0.55;
        std::vector<cv::Point2d> points;
        for (double t = -1; t <= 1.001; t += 0.1)
            points.emplace_back(x - mrz_pitch * 0.14 + t * 0.62, y - 0.22 * std::sin(t * CV_PI));
        c.curve(points, 0.26, ink);
    }
    c.text(row.foot, line, {Face::ocr_b, mrz_em, 0, 0, mrz_pitch}, ink);
}

void machine_zone(Canvas& c, const Layout& l, const SpecimenSpec& s, bool bare) {
    const cv::Rect zone = c.area({0, l.size.height - mrz_zone, l.size.width, mrz_zone});
    cv::Mat part = c.pixels()(zone);
    cv::addWeighted(part, 0.30, cv::Mat(part.size(), part.type(), cv::Scalar(246, 250, 250)), 0.70, 0, part);
    if (bare) return;
    const auto lines = printed_lines(s);
    const auto rows = mrz_rows(l, s);
    for (std::size_t i = 0; i < lines.size(); ++i) machine_row(c, rows[i], lines[i]);
}

Status symbol(Canvas& c, const SpecimenSpec& s) {
    if (s.symbol == SymbolKind::none) return {};
    auto modules = draw_symbol(s.symbol, s.payload);
    if (!modules) return fail(modules.error());
    const cv::Rect2d place = symbol_place(s.format, s.symbol);
    const double quiet = 4;  // modules
    const double fit = std::min(place.width / (modules->cols + 2 * quiet), place.height / (modules->rows + 2 * quiet));
    const int pixels = static_cast<int>(std::floor(fit * c.scale()));  // whole pixels: crisp modules
    if (pixels < 2) return fail("specimen.symbol", "payload too long for its place on the page");
    cv::Mat big;
    cv::resize(*modules, big, {}, pixels, pixels, cv::INTER_NEAREST);
    cv::cvtColor(big, big, cv::COLOR_GRAY2BGR);
    cv::max(big, cv::Scalar(28, 26, 26), big);
    const double mm = pixels / c.scale();
    const double width = modules->cols * mm, height = modules->rows * mm;
    const double x = place.x + (place.width - width) / 2, y = place.y + (place.height - height) / 2;
    c.rectangle({x - quiet * mm, y - quiet * mm, width + 2 * quiet * mm, height + 2 * quiet * mm},
                {{252, 252, 252}, 1});
    big.copyTo(c.pixels()(cv::Rect(c.area({x, y, width, height}).tl(), big.size())));
    return {};
}

void across(Canvas& c, const Layout& l, const Palette& p) {
    const double zone = l.size.height - mrz_zone;
    const double degrees = std::atan2(zone * 0.62, l.size.width * 0.8) * 180 / CV_PI;
    const TextStyle style{Face::sans_bold, l.size.width * 0.145, degrees, l.size.width * 0.012};
    const TextStyle flat{Face::sans_bold, style.size, 0, style.tracking};
    const double width = c.text_width("SPECIMEN", flat);
    const double turn = degrees * CV_PI / 180;
    const cv::Point2d middle{l.size.width * 0.52, zone * 0.57};
    c.text({middle.x - width / 2 * std::cos(turn) + style.size * 0.36 * std::sin(turn),
            middle.y + width / 2 * std::sin(turn) + style.size * 0.36 * std::cos(turn)},
           "SPECIMEN", style, {p.dark, 0.085});
}

// A stain that covers five cells of the lowest line and scratches through both: no reader may be sure of those cells.
void damage(Canvas& c, const Layout& l, const SpecimenSpec& s) {
    Seeded rng(s.seed, "damage");
    const double last = l.size.height - (s.format == MrzFormat::td1 ? 5.6 : mrz_last_centre);
    const double x = l.mrz_left + mrz_pitch * (2.5 + rng.below(12));
    for (int i = 0; i < 9; ++i) {
        c.ellipse({x + mrz_pitch * rng.real(0.3, 4.7), last + rng.real(-1.1, 1.1)},
                  {rng.real(1.6, 2.8), rng.real(1.2, 2.2)}, {{34, 46, 66}, 0.93}, rng.real(0, 180));
    }
    for (int i = 0; i < 5; ++i) {
        const double from = rng.real(0.1, 0.9) * l.size.width;
        c.curve({{from, l.size.height - 19},
                 {from + rng.real(-9, 9), l.size.height - rng.real(10, 13)},
                 {from + rng.real(-16, 16), l.size.height - 4}},
                rng.real(0.3, 0.7), {{236, 240, 244}, 0.9});
    }
}

void stamp(Canvas& c, Seeded& rng, cv::Point2d centre) {
    static const std::array<cv::Scalar, 4> inks{{{140, 60, 30}, {50, 40, 150}, {70, 100, 20}, {110, 40, 110}}};
    static constexpr std::array<std::string_view, 4> towns{"QUIMERA", "ALTAMAREA", "MONTERVELA", "ISLA TANGRE"};
    const Ink ink{rng.pick(std::span{inks}), 0.62};
    const double degrees = rng.real(-28, 28), turn = degrees * CV_PI / 180;
    const auto at = [&](double x, double y) {
        return cv::Point2d{centre.x + x * std::cos(turn) + y * std::sin(turn),
                           centre.y - x * std::sin(turn) + y * std::cos(turn)};
    };
    if (rng.chance(0.5)) {
        c.curve(ellipse_points(centre, {19, 12.5}, -degrees), 0.5, ink, true);
        c.curve(ellipse_points(centre, {17.6, 11.1}, -degrees), 0.2, ink, true);
    } else {
        c.curve({at(-19, -11), at(19, -11), at(19, 11), at(-19, 11)}, 0.6, ink, true);
        c.curve({at(-17.8, -9.8), at(17.8, -9.8), at(17.8, 9.8), at(-17.8, 9.8)}, 0.2, ink, true);
    }
    const auto line = [&](double y, double em, std::string_view text) {
        const double width = c.text_width(text, {Face::sans_bold, em});
        c.text(at(-width / 2, y), text, {Face::sans_bold, em, degrees}, ink);
    };
    line(-3.6, 2.6, "ESTADO DE UTOPÍA");
    line(1.6, 4.0, std::to_string(10 + rng.below(18)) + " " + std::to_string(2019 + rng.below(6)));
    line(6.2, 2.6, rng.pick(std::span{towns}));
}

void stamps_page(Canvas& c, const Layout& l, const SpecimenSpec& s, const Palette& p) {
    Seeded rng(s.seed, "stamps");
    const TextStyle style{Face::serif_bold, 4.4, 0, 0.5};
    c.text({8, 10}, "VISADOS / VISAS", style, {p.dark, 0.9});
    draw_emblem(c, {l.size.width / 2, l.size.height / 2}, 22, {p.dark, 0.10});
    c.text({l.size.width - 14, l.size.height - 5}, std::to_string(6 + rng.below(24)), {Face::serif, 4}, {p.dark, 0.9});
    stamp(c, rng, {rng.real(28, 36), rng.real(26, 34)});
    stamp(c, rng, {rng.real(86, 96), rng.real(28, 40)});
    stamp(c, rng, {rng.real(48, 66), rng.real(62, 68)});
}

// Dark cloth with a grain, arms and title in gold.
void cover(Canvas& c, const Layout& l, const SpecimenSpec& s) {
    Seeded rng(s.seed, "cover");
    const double level = rng.real(24, 38);
    cv::Mat& pixels = c.pixels();
    pixels.setTo(cv::Scalar(level * 1.5, level * 0.9, level * 0.8));
    cv::Mat grain(pixels.size(), pixels.type());
    cv::RNG(s.seed + 1).fill(grain, cv::RNG::UNIFORM, 0, 7);
    cv::add(pixels, grain, pixels);
    const Ink gold{{90, 170, 205}, s.damaged ? 0.05 : 0.9};
    draw_emblem(c, {l.size.width / 2, l.size.height * 0.5}, l.size.height * 0.2, gold);
    for (const auto& [text, y, em] : {std::tuple{"ESTADO DE UTOPÍA", 0.16, 5.0}, {"PASAPORTE", 0.86, 6.0}}) {
        const TextStyle style{Face::serif_bold, em, 0, 0.6};
        c.text({(l.size.width - c.text_width(text, style)) / 2, l.size.height * y}, text, style, gold);
    }
}

}  // namespace

cv::Size2d page_size(MrzFormat format) { return layout_of(format).size; }

cv::Rect2d symbol_place(MrzFormat format, SymbolKind kind) {
    const Layout layout = layout_of(format);
    return kind == SymbolKind::pdf417 ? layout.wide : layout.square;
}

Result<Page> render_page(const SpecimenSpec& spec, const Typefaces& faces, bool bare) {
    const Layout layout = layout_of(spec.format);
    const Palette palette = palette_of(spec.seed);
    Canvas canvas(layout.size.width, layout.size.height, page_pixels_per_mm, faces);
    if (spec.page == PageKind::cover) {
        cover(canvas, layout, spec);
        return Page{canvas.pixels(), page_pixels_per_mm, 3.18, {}};
    }
    draw_guilloche(canvas, layout.size, palette, spec.seed);
    if (spec.page == PageKind::stamps_page) {
        stamps_page(canvas, layout, spec, palette);
    } else if (spec.page == PageKind::data_page) {
        portrait(canvas, layout, spec, palette);
        across(canvas, layout, palette);
        header(canvas, layout, palette);
        visual_zone(canvas, layout, spec, palette);
        if (const Status done = symbol(canvas, spec); !done) return fail(done.error());
        machine_zone(canvas, layout, spec, bare);
        if (spec.damaged) damage(canvas, layout, spec);
    }
    const bool has_mrz = spec.page != PageKind::stamps_page;
    return Page{canvas.pixels(), page_pixels_per_mm, 3.18,
                has_mrz ? mrz_rows(layout, spec) : std::vector<PrintedRow>{}};
}

}  // namespace paso
