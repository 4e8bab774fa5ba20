#include "kiosk/tool/read_command.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <opencv2/core.hpp>
#include <span>
#include <utility>

#include "core/document/reading_policy.hpp"
#include "core/document/travel_document.hpp"
#include "core/encoding/base64.hpp"
#include "core/mrz/fusion.hpp"
#include "devices/barcode/read_barcodes.hpp"
#include "devices/mrz/read_mrz.hpp"
#include "devices/mrz/sight.hpp"
#include "devices/picture/picture.hpp"
#include "kiosk/tool/document_json.hpp"

namespace paso {
namespace {

namespace json = boost::json;

constexpr std::size_t max_file = 64UL << 20U;

json::array corners_json(const Quad& quad) {
    json::array out;
    for (const Point& p : quad) out.push_back(json::array{std::round(p.x), std::round(p.y)});
    return out;
}

json::object document_json(const MrzResult& result, Date today) {
    const TravelDocument d = parse_mrz(result, today);
    return {{"format", name(d.format)},
            {"lines", lines_json(d)},
            {"state", name(d.state)},
            {"why", name(result.why)},
            {"confidence", std::round(result.lowest * 10000.0) / 10000.0},
            {"check_digits", digits_json(d.check_digits)},
            {"fields", fields_json(d)},
            {"corners", corners_json(result.corners)}};
}

json::object barcode_json(const BarcodeReading& b) {
    return {{"symbology", name(b.symbology)}, {"bytes", base64(b.bytes)}, {"corners", corners_json(b.corners)}};
}

double since(Env& env, MonoTime begin) {
    return std::round(std::chrono::duration<double, std::milli>(env.clock.mono() - begin).count() * 10) / 10;
}

// What hinders the reading of the rows that were found, as a kiosk would say it; where, in pixels.
json::object obstacle_json(const Frame& frame, std::span<const MrzReading> readings) {
    MrzSight sight = MrzSights{}.look(frame, readings);
    const MrzObstacle what = sight.rows ? obstacle_of(sight) : MrzObstacle::none;
    const PicturePlace p = place_of(what, sight);
    const auto w = static_cast<float>(frame.width()), h = static_cast<float>(frame.height());
    const Quad corners{Point{p.x * w, p.y * h}, Point{(p.x + p.width) * w, p.y * h},
                       Point{(p.x + p.width) * w, (p.y + p.height) * h}, Point{p.x * w, (p.y + p.height) * h}};
    return {{"code", "mrz.obstacle"}, {"detail", name(what)}, {"corners", corners_json(corners)}};
}

struct Outcome {
    bool opened = false;
    bool found = false;
    std::string line;
};

Outcome read_one(Env& env, const std::string& path, Date today, const MrzPolicy& policy, MrzTracker& tracker,
                 std::uint64_t number) {
    const MonoTime begin = env.clock.mono();
    json::array documents;
    json::array barcodes;
    json::array problems;
    double mrz_ms = 0;
    double barcode_ms = 0;
    Outcome out;
    const auto file = env.files.read(path, max_file);
    const auto frame = file ? decode_picture(*file, {}, begin, number) : Result<Frame>{fail(file.error())};
    if (!frame) {
        problems.push_back({{"code", frame.error().code}, {"detail", frame.error().detail}});
    } else {
        out.opened = true;
        const MonoTime mrz_begin = env.clock.mono();
        tracker.forget();
        const std::vector<MrzReading> readings = read_mrz(*frame, tracker);
        bool hindered = false;
        for (const MrzReading& reading : readings) {
            const MrzResult result = decide(fuse({}, reading), policy);
            if (result.lines.empty()) {
                problems.push_back({{"code", "mrz.unreadable"}, {"detail", name(result.why)}});
            } else {
                documents.push_back(document_json(result, today));
                out.found = out.found || result.state != MrzState::unreadable;
            }
            hindered = hindered || result.state == MrzState::unreadable || result.why == MrzWhy::doubtful;
        }
        if (hindered) {
            json::object obstacle = obstacle_json(*frame, readings);
            if (obstacle.at("detail").as_string() != name(MrzObstacle::none)) problems.push_back(std::move(obstacle));
        }
        mrz_ms = since(env, mrz_begin);
        const MonoTime barcode_begin = env.clock.mono();
        for (const BarcodeReading& b : read_barcodes(*frame, {})) barcodes.push_back(barcode_json(b));
        barcode_ms = since(env, barcode_begin);
        out.found = out.found || !barcodes.empty();
    }
    const json::object line{
        {"source", path},
        {"documents", std::move(documents)},
        {"barcodes", std::move(barcodes)},
        {"problems", std::move(problems)},
        {"ms", json::object{{"total", since(env, begin)}, {"mrz", mrz_ms}, {"barcodes", barcode_ms}}}};
    out.line = json::serialize(line);
    return out;
}

}  // namespace

int read_pictures(Env& env, const std::vector<std::string>& pictures, Date today, const PrintLine& out) {
    cv::setNumThreads(1);
    MrzTracker tracker;
    const MrzPolicy policy = reading_policy();
    bool all_opened = true;
    bool all_found = true;
    std::uint64_t number = 0;
    for (const std::string& path : pictures) {
        const Outcome one = read_one(env, path, today, policy, tracker, ++number);
        out(one.line);
        all_opened = all_opened && one.opened;
        all_found = all_found && one.found;
    }
    if (!all_opened) return 1;
    return all_found ? 0 : 3;
}

}  // namespace paso
