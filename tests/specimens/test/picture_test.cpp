// Pages, frames and scenes: the same seed gives the same bytes, symbols read back, the scene keeps its order.
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/specimens/picture_file.hpp"
#include "tests/specimens/player.hpp"
#include "tests/specimens/symbol.hpp"

using namespace paso;

namespace {

const Date today = *Date::of(2026, 11, 24);
constexpr std::array formats{MrzFormat::td3, MrzFormat::td2, MrzFormat::td1, MrzFormat::mrv_a, MrzFormat::mrv_b};

const Typefaces& faces() {
    static const Typefaces opened = std::move(Typefaces::open().value());
    return opened;
}

Page page_of(MrzFormat f, std::uint64_t seed) { return render_page(make_specimen(f, seed, today), faces()).value(); }

bool same(const cv::Mat& a, const cv::Mat& b) { return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0; }
bool same(const Frame& a, const Frame& b) { return std::ranges::equal(a.planes(), b.planes()); }

// Share of dark pixels around a cell of the lowest MRZ line.
double darkness(const Page& page, double x_mm, double y_mm, double w_mm, double h_mm) {
    cv::Mat grey;
    const auto px = [&](double mm) { return static_cast<int>(mm * page.pixels_per_mm); };
    cv::cvtColor(page.bgr(cv::Rect(px(x_mm), px(y_mm), px(w_mm), px(h_mm))), grey, cv::COLOR_BGR2GRAY);
    return static_cast<double>(cv::countNonZero(grey < 110)) / static_cast<double>(grey.total());
}

// Reads the frame's luma as it is.
ZXing::Result read_symbol(const Frame& frame) {
    const ZXing::ImageView view(frame.luma().data(), frame.width(), frame.height(), ZXing::ImageFormat::Lum);
    return ZXing::ReadBarcode(view, ZXing::DecodeHints().setTryHarder(true));
}

Bytes every_byte(std::size_t count) {
    Bytes out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<std::byte>((i * 37 + 11) & 255U));
    return out;
}

}  // namespace

TEST_CASE("a page has its size and comes from its seed alone") {
    for (const MrzFormat f : formats) {
        CAPTURE(name(f));
        const Page a = page_of(f, 3);
        const cv::Size2d mm = page_size(f);
        CHECK(a.bgr.cols == Approx(mm.width * page_pixels_per_mm).margin(1));
        CHECK(a.bgr.rows == Approx(mm.height * page_pixels_per_mm).margin(1));
        CHECK(same(a.bgr, page_of(f, 3).bgr));
        CHECK_FALSE(same(a.bgr, page_of(f, 4).bgr));
    }
}

TEST_CASE("the MRZ is printed where Doc 9303 wants it, a stain covers it, a page of stamps has none") {
    SpecimenSpec s = make_specimen(MrzFormat::td3, 12, today);
    const Page clean = render_page(s, faces()).value();
    const double line = 88 - 9.4 - 1.3, ink = darkness(clean, 6.5, line, 111.7, 2.6);
    CHECK(ink > 0.08);
    CHECK(ink < 0.40);
    CHECK(darkness(clean, 6.5, 88 - 5, 111.7, 4) == 0);  // nothing below
    CHECK(darkness(clean, 0.5, line, 5, 2.6) == 0);      // nor in the margins
    CHECK(darkness(clean, 119.5, line, 5, 2.6) == 0);
    s.damaged = true;
    const Page stained = render_page(s, faces()).value();
    double most = 0;
    for (int cell = 0; cell < 44; ++cell) most = std::max(most, darkness(stained, 6.5 + cell * 2.54, line, 2.5, 2.6));
    CHECK(most > 0.8);
    s.page = PageKind::stamps_page;
    CHECK(darkness(render_page(s, faces()).value(), 6.5, line, 60, 2.6) < 0.02);
}

TEST_CASE("a bare page differs from the printed one in the rows of its MRZ alone, and says where they stand") {
    for (const MrzFormat f : {MrzFormat::td1, MrzFormat::td2, MrzFormat::td3}) {
        const SpecimenSpec s = make_specimen(f, 21, today);
        const Page printed = render_page(s, faces()).value(), bare = render_page(s, faces(), true).value();
        REQUIRE(printed.rows.size() == shape(f).rows);
        cv::Mat difference;
        cv::absdiff(printed.bgr, bare.bgr, difference);
        CHECK(cv::countNonZero(difference.reshape(1)) > 1000);
        for (const PrintedRow& row : printed.rows) {
            CHECK(row.columns == shape(f).columns);
            const double k = printed.pixels_per_mm, margin = 0.6;
            const cv::Rect2d mm(row.foot.x - margin, row.foot.y - row.capital - margin,
                                row.pitch * static_cast<double>(row.columns) + 2 * margin, row.capital + 2 * margin);
            const cv::Rect part =
                cv::Rect(cv::Rect2d(mm.x * k, mm.y * k, mm.width * k, mm.height * k)) & cv::Rect({}, difference.size());
            CHECK(cv::countNonZero(difference(part).clone().reshape(1)) > 300);
            difference(part).setTo(0);
        }
        CHECK(cv::countNonZero(difference.reshape(1)) == 0);
    }
}

TEST_CASE("places on a page are seen where its corners say; a bulge moves the middle and not the edges") {
    CameraModel m = upright_sharp(4, MrzFormat::td3);
    m.tilt_x = 0.05;
    const cv::Size2d mm = page_size(MrzFormat::td3);
    const std::vector<cv::Point2d> corners{{0, 0}, {mm.width, 0}, {mm.width, mm.height}, {0, mm.height}};
    const Quad known = corners_of(mm, m);
    for (const double bend : {0.0, 2.0}) {
        m.bend = bend;
        const auto seen = seen_at(corners, mm, m);
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(seen[i].x == Approx(known[i].x).margin(0.05));
            CHECK(seen[i].y == Approx(known[i].y).margin(0.05));
        }
    }
    const cv::Point2d middle(mm.width / 2, 60);
    m.bend = 0;
    const cv::Point2f flat = seen_at({middle}, mm, m).front();
    m.bend = 2;
    const cv::Point2f down = seen_at({middle}, mm, m).front() - flat;
    CHECK(cv::norm(down) == Approx(2 * m.pixels_per_mm).epsilon(0.1));
    // And the picture bulges as the places do: a row of the MRZ is dark there.
    const Page page = page_of(MrzFormat::td3, 31);
    const PrintedRow& row = page.rows.back();
    const auto darkness_at = [&](double bend, double seen_bend) {
        m.bend = bend;
        const cv::Mat grey =
            cv::Mat(m.height, m.width, CV_8U, const_cast<std::uint8_t*>(look(page, m)->luma().data())).clone();
        m.bend = seen_bend;
        double sum = 0, n = 0;
        for (double x = row.foot.x; x < row.foot.x + 30 * row.pitch; x += 0.1) {
            const auto p = seen_at({{x, row.foot.y - row.capital / 2}}, mm, m).front();
            sum += 255 - grey.at<std::uint8_t>(cv::Point(cvRound(p.x), cvRound(p.y)));
            n += 1;
        }
        return sum / n;
    };
    CHECK(darkness_at(3, 3) > 1.3 * darkness_at(3, 0));
}

TEST_CASE("a camera's picture comes from its seed alone") {
    const Page page = page_of(MrzFormat::td2, 5);
    for (const auto& model : {upright_sharp(8, MrzFormat::td2), hard(8, MrzFormat::td2)}) {
        const Frame a = look(page, model).value();
        CHECK(a.width() == 1920);
        CHECK(a.height() == 1080);
        CHECK(same(a, look(page, model).value()));
        CameraModel other = model;
        other.seed = 9;
        CHECK_FALSE(same(a, look(page, other).value()));
    }
}

TEST_CASE("an upright sharp picture holds the whole page, turned by a degree at most") {
    for (const MrzFormat f : formats) {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const CameraModel m = upright_sharp(seed, f);
            CAPTURE(name(f), seed);
            REQUIRE(std::abs(m.degrees) <= 1);
            REQUIRE(m.pixels_per_mm * 2.54 > 28);  // pitch of the MRZ
            for (const Point& p : corners_of(page_size(f), m)) {
                REQUIRE(p.x > 0);
                REQUIRE(p.x < 1920);
                REQUIRE(p.y > 0);
                REQUIRE(p.y < 1080);
            }
        }
    }
}

TEST_CASE("symbols read back byte for byte") {
    const auto kind = GENERATE(SymbolKind::pdf417, SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix);
    CAPTURE(name(kind));
    for (const Bytes& payload : {to_bytes(as_bytes("M1QUELVORA/ALVENA")), every_byte(70), every_byte(256)}) {
        const cv::Mat modules = draw_symbol(kind, payload).value();
        cv::Mat big;
        cv::resize(modules, big, {}, 4, 4, cv::INTER_NEAREST);
        cv::copyMakeBorder(big, big, 40, 40, 40, 40, cv::BORDER_CONSTANT, cv::Scalar(255));
        const ZXing::ImageView view(big.data, big.cols, big.rows, ZXing::ImageFormat::Lum);
        const auto read = ZXing::ReadBarcode(view, ZXing::DecodeHints().setTryHarder(true));
        REQUIRE(read.isValid());
        CHECK(std::ranges::equal(read.bytes(), payload, {}, {},
                                 [](std::byte b) { return std::to_integer<unsigned char>(b); }));
    }
}

// Cut out of the page: to find a PDF417 or Aztec symbol on a busy page is the product's task, not the printer's.
TEST_CASE("a symbol printed on a page reads in its place, a QR code also through the camera") {
    for (const MrzFormat f : formats) {
        const SpecimenSpec s = make_specimen(f, 21, today);
        const std::string pass = boarding_pass(s, today);
        for (const auto kind : {SymbolKind::pdf417, SymbolKind::qr, SymbolKind::aztec, SymbolKind::data_matrix}) {
            CAPTURE(name(kind), name(f));
            const Page page = render_page(with_symbol(s, kind, as_bytes(pass)), faces()).value();
            const cv::Rect2d mm = symbol_place(f, kind);
            const cv::Rect place(cv::Rect2d(mm.tl() * page.pixels_per_mm, mm.size() * page.pixels_per_mm));
            cv::Mat grey;
            cv::cvtColor(page.bgr(place), grey, cv::COLOR_BGR2GRAY);
            const ZXing::ImageView view(grey.data, grey.cols, grey.rows, ZXing::ImageFormat::Lum);
            const auto read = ZXing::ReadBarcode(view, ZXing::DecodeHints().setTryHarder(true));
            REQUIRE(read.isValid());
            CHECK(std::string(read.bytes().begin(), read.bytes().end()) == pass);
            if (kind != SymbolKind::qr) continue;
            const auto seen = read_symbol(look(page, upright_sharp(21, f)).value());
            REQUIRE(seen.isValid());
            CHECK(std::string(seen.bytes().begin(), seen.bytes().end()) == pass);
        }
    }
}

TEST_CASE("a payload that has no room is an error, not a smaller symbol") {
    const SpecimenSpec s = with_symbol(make_specimen(MrzFormat::td1, 1, today), SymbolKind::pdf417, every_byte(900));
    CHECK(render_page(s, faces()).error().code == "specimen.symbol");
    CHECK_FALSE(draw_symbol(SymbolKind::none, every_byte(3)));
    CHECK_FALSE(draw_symbol(SymbolKind::qr, {}));
    CHECK_FALSE(draw_symbol(SymbolKind::qr, every_byte(9000)));
}

TEST_CASE("a visit is played in order and comes from its seed") {
    const Page page = page_of(MrzFormat::td3, 2);
    const SceneOptions options{5, 640, 360, 12};
    const auto frames = play(page, page_size(MrzFormat::td3), options, 16);
    std::vector<ScenePhase> order;
    for (const auto& f : frames) {
        if (order.empty() || order.back() != f.phase) order.push_back(f.phase);
    }
    using enum ScenePhase;
    CHECK(order == std::vector{empty, entering, tilted, settling, settled, leaving, empty});
    CHECK(std::count_if(frames.begin(), frames.end(), [](const auto& f) { return f.phase == settled; }) == 16);
    const auto brightness = [](const PlayedFrame& f) {
        double sum = 0;
        for (const auto v : f.frame.luma()) sum += v;
        return sum / static_cast<double>(f.frame.luma().size());
    };
    CHECK(brightness(frames.front()) < 45);
    CHECK(brightness(frames.back()) < 45);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        REQUIRE(frames[i].frame.sequence() == i);
        if (frames[i].phase == settled) CHECK(brightness(frames[i]) > 100);
        if (i > 0) REQUIRE_FALSE(same(frames[i].frame, frames[i - 1].frame));  // fresh noise in each
        if (i > 0) REQUIRE(frames[i].frame.captured() > frames[i - 1].frame.captured());
    }
    const auto again = play(page, page_size(MrzFormat::td3), options, 16);
    REQUIRE(again.size() == frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) REQUIRE(same(again[i].frame, frames[i].frame));
    const auto other = play(page, page_size(MrzFormat::td3), {6, 640, 360, 12}, 1);
    CHECK_FALSE(same(other.front().frame, frames.front().frame));
}

TEST_CASE("the director obeys: names, seeds, removal, nonsense") {
    Director director({1, 640, 360, 12}, today, faces());
    const auto run = [&](int frames) {
        for (int i = 0; i < frames; ++i) (void)director.scene().next();
        return director.scene().phase();
    };
    using enum ScenePhase;
    CHECK(run(3) == empty);
    CHECK(director.order("remove").text == "ok remove\n");
    CHECK(run(3) == empty);
    CHECK(director.order("  clear \r").text == "ok clear\n");
    CHECK(run(1) == entering);
    CHECK(run(60) == settled);
    CHECK(run(100) == settled);  // it stays until it is taken away
    CHECK(director.order("td1 17").text == "ok td1\n");
    CHECK(run(1) == leaving);
    CHECK(run(60) == settled);
    CHECK(director.order("remove").text == "ok remove\n");
    CHECK(run(1) == leaving);
    CHECK(run(30) == empty);
    for (const auto line : {"nonsense", "seed", "seed x", "clear x", "clear 1 2", "clear -1"}) {
        CAPTURE(line);
        CHECK_FALSE(director.order(line).text.starts_with("ok"));
    }
    CHECK(run(3) == empty);
    CHECK(director.order("seed 4").text == "ok seed\n");
    CHECK(director.order("").text.empty());
    CHECK(director.order("list").text.find("wrong-page") != std::string::npos);
    CHECK_FALSE(director.order("list").quit);
    CHECK(director.order("quit").quit);
}

TEST_CASE("the stream names size, rate and full-range 4:2:0") {
    CHECK(y4m_header({1, 1280, 720, 12}) == "YUV4MPEG2 W1280 H720 F12000:1000 Ip A1:1 C420jpeg\n");
}

TEST_CASE("JPEG keeps the picture but for its loss; odd sizes are an error") {
    const Frame frame = look(page_of(MrzFormat::td1, 1), upright_sharp(1, MrzFormat::td1, 640, 360)).value();
    const Frame after = through_jpeg(frame, 95).value();
    double worst = 0;
    for (std::size_t i = 0; i < frame.luma().size(); ++i) worst += std::abs(frame.luma()[i] - after.luma()[i]);
    CHECK(worst / static_cast<double>(frame.luma().size()) < 3);
    CHECK(jpeg_file(frame, 90)->size() > 1000);
    CHECK(png_file(frame)->size() > 1000);
    const Frame odd =
        to_frame({cv::Mat(9, 9, CV_8UC1, cv::Scalar(1)), cv::Mat(5, 5, CV_8UC2, cv::Scalar(1, 1))}, {}, 0);
    CHECK(jpeg_file(odd, 90).error().code == "specimen.picture");
}
