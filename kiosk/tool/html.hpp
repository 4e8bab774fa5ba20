// Text and elements of HTML.
#pragma once

#include <string>
#include <string_view>

namespace paso::html {

[[nodiscard]] inline std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

// <tag attributes>content</tag>; `tag` may have attributes, `content` is HTML.
[[nodiscard]] inline std::string element(std::string_view tag, std::string_view content) {
    const std::string name{tag.substr(0, tag.find(' '))};
    return "<" + std::string{tag} + ">" + std::string{content} + "</" + name + ">";
}

}  // namespace paso::html
