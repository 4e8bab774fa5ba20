#include <algorithm>
#include <set>

#include "kiosk/traveller/traveller.hpp"

namespace paso {
namespace {

namespace json = boost::json;

// Every message whose key begins with the state's name or with "common.", by the rest of its key.
json::object words(const Catalogue& catalogue, std::string_view state, const Arguments& arguments) {
    json::object out;
    for (const auto& [key, message] : catalogue.messages) {
        const std::string prefix = std::string{state} + ".";
        if (key.starts_with(prefix)) out[key.substr(prefix.size())] = say(catalogue, key, arguments);
        if (key.starts_with("common.")) out[key] = say(catalogue, key, arguments);
    }
    return out;
}

std::vector<std::string> actions_of(const Session& s) {
    switch (s.state()) {
        case SessionState::out_of_service:
        case SessionState::saving:
            return {};
        case SessionState::idle:
            return {"start"};
        case SessionState::language:
            return {"language", "officer", "cancel", "more_time"};
        case SessionState::notice:
            return {"agree", "back", "officer", "cancel", "more_time"};
        case SessionState::party:
            return {"party", "officer", "cancel", "more_time"};
        case SessionState::document:
            return {"again", "officer", "cancel", "more_time"};
        case SessionState::confirm:
            return {"right", "wrong", "officer", "cancel", "more_time"};
        case SessionState::boarding_pass:
            return {"none", "officer", "cancel", "more_time"};
        case SessionState::question:
            return {"answer", "officer", "cancel", "more_time"};
        case SessionState::result:
            return {"done"};
    }
    return {};
}

// What the last screen says. Cleared and not cleared look the same; only the words differ, and of what is silent not
// even they.
void result_model(const Session& s, json::object& model, const Catalogue& catalogue, const Arguments& arguments) {
    const InspectionRecord& record = *s.finished();
    const auto& findings = record.assessment.findings;
    const bool told =
        std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.refers && !f.is_silent; });
    const bool clear = record.ending == Ending::awaiting && !told;
    model["token"] = record.token;
    model["kind"] = clear ? "done" : "officer";
    model["title"] = say(catalogue, clear ? "result.done_title" : "result.officer_title", arguments);
    json::array lines;
    std::set<std::string> said;
    const auto add = [&](std::string line) {
        if (!line.empty() && said.insert(line).second) lines.push_back(json::string(line));
    };
    if (s.seen_before()) add(say(catalogue, "result.seen_before", arguments));
    if (clear) {
        add(say(catalogue, "result.done_line", arguments));
    } else if (record.ending == Ending::awaiting) {
        for (const Finding& f : findings) {
            if (!f.refers || f.is_silent || f.is_private) continue;  // others read the screen too
            if (const auto text = s.settings().pack->reason(f.reason, s.language())) add(text->traveller);
        }
    }
    if (!clear) add(say(catalogue, "result.officer_line", arguments));
    model["lines"] = std::move(lines);
}

}  // namespace

PageView traveller_view(const Session& s, const Catalogues& catalogues) {
    const auto chosen = catalogues.find(s.language());
    const Catalogue& catalogue = chosen != catalogues.end() ? chosen->second : catalogues.at("en");
    PageView view{std::string{name(s.state())}, {}, actions_of(s)};
    Arguments arguments{{"desk", s.settings().desk}};
    view.model["language"] = catalogue.language;
    view.model["dir"] = name(catalogue.direction);
    view.model["warned"] = s.warned();
    view.model["demo"] = s.settings().trip.demo;
    json::array languages;
    for (const std::string& l : s.settings().languages) {
        const auto there = catalogues.find(l);
        if (there == catalogues.end()) continue;
        languages.push_back({{"id", l},
                             {"name", say(there->second, "language.own_name")},
                             {"dir", name(there->second.direction)},
                             {"start", say(there->second, "idle.start")},
                             {"welcome", say(there->second, "idle.title")},
                             {"choose", say(there->second, "language.title")}});
    }
    view.model["languages"] = std::move(languages);
    if (s.state() == SessionState::document) view.model["attempts"] = s.attempts();
    if (s.state() == SessionState::document || s.state() == SessionState::boarding_pass) {
        view.model["hint"] = name(s.hint());
        if (const PicturePlace p = s.hint_place(); p.width > 0) {
            view.model["hint_place"] = json::object{{"x", p.x}, {"y", p.y}, {"width", p.width}, {"height", p.height}};
        }
    }
    if (s.state() == SessionState::confirm && s.document()) {
        view.model["given_names"] = s.document()->given_names.reveal();
        view.model["surname"] = s.document()->surname.reveal();
    }
    view.model["text"] = words(catalogue, name(s.state()), arguments);
    if (s.state() == SessionState::result && s.finished()) result_model(s, view.model, catalogue, arguments);
    return view;
}

}  // namespace paso
