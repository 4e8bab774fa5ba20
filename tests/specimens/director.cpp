#include <charconv>
#include <utility>

#include "tests/specimens/player.hpp"

namespace paso {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> out;
    while (!line.empty()) {
        const std::size_t begin = line.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) break;
        const std::size_t end = line.find_first_of(" \t\r\n", begin);
        out.push_back(line.substr(begin, end - begin));
        line = end == std::string_view::npos ? std::string_view{} : line.substr(end);
    }
    return out;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

}  // namespace

std::string specimen_table() {
    std::string out;
    for (const NamedSpecimen& s : named_specimens()) {
        std::string line{s.name};
        line.resize(12, ' ');
        line += s.shows;
        line.resize(std::max<std::size_t>(line.size() + 2, 64), ' ');
        out += line + std::string{s.expected} + "\n";
    }
    for (const NamedCarrier& c : named_carriers()) {
        std::string line{c.name};
        line.resize(14, ' ');
        line += c.shows;
        line.resize(std::max<std::size_t>(line.size() + 2, 64), ' ');
        out += line + (c.trouble == SymbolObstacle::none ? "" : "hint: " + std::string{name(c.trouble)}) + "\n";
    }
    return out;
}

Director::Director(const SceneOptions& options, Date today, const Typefaces& faces)
    : scene_(options), today_(today), faces_(&faces) {}

Director::Answer Director::lay(std::string_view name, std::uint64_t seed) {
    if (const auto held = named_carrier(name)) {
        const auto carrier = render_carrier(make_carrier(*held, seed, today_), *faces_);
        if (!carrier) return {describe(carrier.error()) + "\n"};
        scene_.lay(*carrier, held->trouble);
        return {"ok " + std::string{name} + "\n"};
    }
    const auto spec = named_specimen(name, seed, today_);
    if (!spec) return {"unknown: " + std::string{name} + " (try list)\n"};
    const auto page = render_page(*spec, *faces_);
    if (!page) return {describe(page.error()) + "\n"};
    scene_.lay(*page, page_size(spec->format), named_trouble(name));
    return {"ok " + std::string{name} + "\n"};
}

Director::Answer Director::order(std::string_view line) {
    const auto words = words_of(line);
    if (words.empty()) return {""};
    if (words[0] == "quit") return {"bye\n", true};
    if (words[0] == "list") return {specimen_table() + "remove, seed N, list, quit\n"};
    if (words[0] == "remove") {
        scene_.remove();
        return {"ok remove\n"};
    }
    const auto given = words.size() > 1 ? number(words[1]) : std::nullopt;
    if (words.size() > 2 || (words.size() == 2 && !given)) return {"one name and at most one number\n"};
    if (words[0] == "seed") {
        if (!given) return {"seed needs a number\n"};
        seed_ = *given;
        return {"ok seed\n"};
    }
    return lay(words[0], given.value_or(seed_));
}

std::string y4m_header(const SceneOptions& options) {
    const auto rate = static_cast<int>(options.frames_per_second * 1000 + 0.5);
    return "YUV4MPEG2 W" + std::to_string(options.width) + " H" + std::to_string(options.height) + " F" +
           std::to_string(rate) + ":1000 Ip A1:1 C420jpeg\n";
}

}  // namespace paso
