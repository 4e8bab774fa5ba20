#include <catch2/catch.hpp>
#include <random>

#include "core/text/catalogue.hpp"

using namespace paso;

namespace {

constexpr std::string_view english = R"(# a comment
language = "en"
dir = "ltr"

hello = "Welcome, {name}"
children[one] = "{n} child"
children[other] = "{n} children of {name}"  # one more comment
quoted = "Say \"{name}\"\nor \{nothing\} \\"
)";

constexpr std::string_view arabic = R"(language = "ar"
dir = "rtl"
hello = "أهلا {name}"
children[zero] = "لا أطفال"
children[one] = "طفل واحد"
children[two] = "طفلان"
children[few] = "{n} أطفال {name}"
children[many] = "{n} طفلا"
children[other] = "{n} طفل"
)";

Catalogue parsed(std::string_view text) {
    const auto c = parse_catalogue(text);
    if (!c) FAIL(describe(c.error()));
    return *c;
}

Error error_of(std::string_view text) {
    const auto c = parse_catalogue(text);
    REQUIRE_FALSE(c);
    return c.error();
}

std::string with_header(std::string_view rest) { return "language = \"en\"\ndir = \"ltr\"\n" + std::string{rest}; }

std::string isolated(const std::string& text) { return "\u2068" + text + "\u2069"; }

}  // namespace

TEST_CASE("a catalogue is read and spoken") {
    const Catalogue c = parsed(english);
    CHECK(c.language == "en");
    CHECK(c.direction == TextDirection::ltr);
    CHECK(c.messages.size() == 3);
    CHECK(say(c, "hello", {{"name", "ANNA"}}) == "Welcome, " + isolated("ANNA"));
    CHECK(say(c, "children", {{"n", 1}}) == isolated("1") + " child");
    CHECK(say(c, "children", {{"n", 0}, {"name", "ANNA"}}) == isolated("0") + " children of " + isolated("ANNA"));
    CHECK(say(c, "quoted", {{"name", "x"}}) == "Say \"" + isolated("x") + "\"\nor {nothing} \\");
    CHECK(say(c, "hello", {{"name", *Date::of(2026, 11, 24)}}) == "Welcome, " + isolated("24 November 2026"));
}

TEST_CASE("what is missing is seen and does not fail") {
    const Catalogue c = parsed(english);
    CHECK(say(c, "nowhere") == "[nowhere]");
    CHECK(say(c, "hello") == "Welcome, {name}");
    CHECK(say(c, "children") == "{n} children of {name}");
}

TEST_CASE("an argument cannot turn the sentence around") {
    const Catalogue c = parsed(english);
    CHECK(say(c, "hello", {{"name", "A\u202EB\u2069C\nD\u200F"}}) == "Welcome, " + isolated("ABCD"));
    CHECK(say(c, "hello", {{"name", "\xFF{n}"}}) == "Welcome, " + isolated("\uFFFD{n}"));
}

TEST_CASE("plural forms follow the language") {
    const Catalogue c = parsed(arabic);
    CHECK(c.direction == TextDirection::rtl);
    CHECK(say(c, "children", {{"n", 0}}) == "لا أطفال");
    CHECK(say(c, "children", {{"n", 2}}) == "طفلان");
    CHECK(say(c, "children", {{"n", 11}}) == isolated("11") + " طفلا");
    // CLDR: ar few n % 100 = 3..10, many 11..99, other the rest.
    const std::vector<std::pair<std::int64_t, Plural>> ar{
        {0, Plural::zero},    {1, Plural::one},   {2, Plural::two},   {3, Plural::few},
        {10, Plural::few},    {11, Plural::many}, {99, Plural::many}, {100, Plural::other},
        {102, Plural::other}, {103, Plural::few}, {111, Plural::many}};
    for (const auto& [n, form] : ar) CHECK(plural_of("ar", n) == form);
    CHECK(plural_of("en", 1) == Plural::one);
    CHECK(plural_of("es", 0) == Plural::other);
    CHECK(plural_of("ar", std::numeric_limits<std::int64_t>::min()) == Plural::few);  // ...808
}

TEST_CASE("dates have the month's name") {
    const Date day = *Date::of(2026, 3, 4);
    CHECK(write_date("en", day) == "4 March 2026");
    CHECK(write_date("es", day) == "4 de marzo de 2026");
    CHECK(write_date("ar", day) == "4 مارس 2026");
    CHECK(write_date("es", *Date::of(2026, 12, 31)) == "31 de diciembre de 2026");
}

TEST_CASE("errors have a code, a line and a column") {
    CHECK(error_of("").code == "text.language");
    CHECK(error_of("hello = \"x\"").code == "text.language");
    CHECK(error_of("language = \"qq\"").code == "text.language");
    CHECK(error_of("language = \"en\"").code == "text.dir");
    CHECK(error_of("language = \"en\"\ndir = \"up\"").code == "text.dir");
    CHECK(error_of(with_header("a = \"1\"\na = \"2\"")).place == Place{.line = 4U});
    CHECK(error_of(with_header("a = \"1\"\na = \"2\"")).code == "text.duplicate");
    CHECK(error_of(with_header("a = \"1\"\na[one] = \"2\"")).code == "text.duplicate");
    CHECK(error_of(with_header("a[one] = \"1\"\na = \"2\"")).code == "text.duplicate");
    CHECK(error_of(with_header("a[one] = \"1\"")).code == "text.plural");
    CHECK(error_of(with_header("a[one] = \"1\"\na[few] = \"1\"\na[other] = \"1\"")).code == "text.plural");
    CHECK(error_of(with_header("a[some] = \"1\"")).code == "text.plural");
    const Error e = error_of(with_header("key = \"x {y\""));
    CHECK(e.code == "text.syntax");
    CHECK(e.place == Place{.line = 3U, .column = 12U});
    for (const auto* line : {"key", "key =", "key = x", "key = \"x", "key = \"x\" y", "key = \"\\q\"", "key = \"}\"",
                             "key = \"{}\"", "key = \"{A}\"", "key[one = \"x\""}) {
        CHECK_FALSE(parse_catalogue(with_header(line)));
    }
    CHECK(error_of(with_header("KEY = \"x\"")).code == "text.key");
    CHECK(error_of(with_header(std::string(101, 'k') + " = \"x\"")).code == "text.key");
    CHECK(error_of(with_header("k = \"" + std::string(4002, 'x') + "\"")).code == "text.too_long");
    CHECK(error_of(with_header("k = \"\xC0\x80\"")).code == "text.utf8");
    CHECK(error_of(with_header("k = \"\xED\xA0\x80\"")).code == "text.utf8");
    CHECK(error_of(with_header("k = \"\u202E\"")).code == "text.control");
    CHECK(error_of(with_header("k = \"x\"\r")).code == "text.control");
    CHECK(error_of(std::string((1U << 20U) + 1, '\n')).code == "text.too_long");
}

TEST_CASE("catalogues are compared with their reference") {
    using Kind = CatalogueFinding::Kind;
    CHECK(compare(parsed(english), parsed(english)).empty());
    const auto found = compare(parsed(english), parsed(arabic));
    CHECK(found == std::vector<CatalogueFinding>{{Kind::missing, "quoted", ""}});  // forms may leave out a placeholder
    const Catalogue other =
        parsed(with_header("children = \"{n}\"\nhello = \"{nom}\"\nmore = \"\"\nquoted = \"{name}\""));
    const auto more = compare(parsed(english), other);
    CHECK(more == std::vector<CatalogueFinding>{{Kind::plural, "children", "plain in the other"},
                                                {Kind::placeholders, "children", "name"},
                                                {Kind::placeholders, "hello", "name"},
                                                {Kind::placeholders, "hello", "nom"},
                                                {Kind::extra, "more", ""}});
}

TEST_CASE("words that no person should read about themselves are found") {
    const auto found = [](std::string_view language, std::string_view text) {
        std::string catalogue =
            "language = \"" + std::string{language} + "\"\ndir = \"ltr\"\nk = \"" + std::string{text} + "\"";
        return banned_words(parsed(catalogue)).size();
    };
    CHECK(found("en", "Entry DENIED.") == 1);
    CHECK(found("en", "Your passport is invalid") == 1);
    CHECK(found("en", "Illegal alien, suspected") == 3);
    CHECK(found("en", "Please show your passport to the officer. A valid visa {denied}") == 0);
    CHECK(found("en", "Salient refusal") == 0);
    CHECK(found("es", "Su entrada fue DENEGADA") == 1);
    CHECK(found("es", "documento INVÁLIDO") == 1);
    CHECK(found("es", "sospechosa, rechazados, ilegales") == 3);
    CHECK(found("es", "Un documento válido; invalidez; sin aliento") == 0);
    CHECK(found("ar", "الدخول ممنوع") == 1);
    CHECK(found("ar", "طلبك المَرفوض") == 1);
    CHECK(found("ar", "جواز السفر صالح") == 0);
}

TEST_CASE("no bytes crash the reader") {
    std::mt19937 r(3);
    for (int i = 0; i < 4000; ++i) {
        std::string text{i % 2 == 0 ? english : arabic};
        for (int k = 0; k < 3; ++k) text[r() % text.size()] = static_cast<char>(r() % 256);
        const auto c = parse_catalogue(text);
        if (!c) {
            REQUIRE(c.error().code.starts_with("text."));
            continue;
        }
        REQUIRE(compare(*c, *c).empty());
        for (const auto& [key, message] : c->messages) (void)say(*c, key, {{"n", i}, {"name", text}});
    }
}
