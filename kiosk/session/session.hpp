// Session: one traveller at one kiosk, as a machine of named states. Pure in behaviour: inputs in, effects out; the
// driver (driver.hpp) binds it to page, devices, journal and clock. Nothing about a person outlives the session but the
// event.
//
//   idle -> language -> notice -> party -> document -> confirm -> boarding_pass -> question -> saving -> result -> idle
//
// From each state between language and question a person can be asked for (handed over), more time be taken, or the
// traveller walk away (left). out_of_service is where a kiosk waits that must not take a document: it says so calmly.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/barcode/symbol_obstacle.hpp"
#include "core/crossing/crossing.hpp"
#include "core/document/reading_policy.hpp"
#include "core/env/env.hpp"
#include "core/inspection/inspection.hpp"
#include "core/mrz/fusion.hpp"
#include "core/mrz/obstacle.hpp"
#include "core/rules/pack.hpp"
#include "core/trust/anchors.hpp"
#include "devices/link/messages.hpp"

namespace paso {

enum class SessionState : std::uint8_t {
    out_of_service,
    idle,
    language,
    notice,
    party,
    document,
    confirm,
    boarding_pass,
    question,
    saving,
    result,
};
[[nodiscard]] std::string_view name(SessionState s);

// What the session needs to know of its station. `trip` without today and clock, which set_day() gives.
struct SessionSettings {
    Trip trip;
    std::string desk;  // number or name of the desk: "3"
    std::optional<Pack> pack;
    std::vector<std::string> languages{"en", "es", "ar"};
    TrustAnchors anchors;  // for signed symbols; empty: nobody is trusted
    std::function<ListCheck(const std::string& number)> check_list;
    std::function<Facts(const std::string& number)> list_facts;  // list.match and list.age; empty: no list is asked
};

// Inputs.
struct PageInput {
    std::string action;  // "start", "language", "agree", "officer", "party", "right", "wrong", "none", "answer",
                         // "more_time", ...
    std::string value;   // "es"; "2,1" (adults, children); "yes", "no", "unsure"
};
struct TimePassed {};
struct Stored {
    bool done = false;  // the event is on disk; else it could not be stored
};
struct Health {
    bool journal = true;
    bool devices = true;
    bool operator==(const Health&) const = default;
};
using SessionInput = std::variant<PageInput, TimePassed, Stored, Health, link::MrzSeen, link::BarcodeSeen,
                                  link::GlassSeen, link::SightSeen, link::SymbolSightSeen>;

// Effects.
struct AppendInspection {
    InspectionRecord record;
};
struct MarkOpen {
    bool open = false;  // a session is under way: after a power cut the marker tells that it was interrupted
};
using SessionEffect = std::variant<link::Watch, AppendInspection, MarkOpen>;

// A hint while a document or a boarding pass is waited for; from too_far on what hinders the reading
// (core/mrz/obstacle.hpp, core/barcode/symbol_obstacle.hpp).
enum class DocumentHint : std::uint8_t {
    place,
    hold_still,
    reading,
    turn_over,
    reader_away,
    too_far,
    too_near,
    cut_off,
    tilt,
    glare,
    blur,
    covered,
    upside_down,
    wrong_page,
    too_dark,
};
inline constexpr std::array document_hints{
    DocumentHint::place,       DocumentHint::hold_still, DocumentHint::reading,  DocumentHint::turn_over,
    DocumentHint::reader_away, DocumentHint::too_far,    DocumentHint::too_near, DocumentHint::cut_off,
    DocumentHint::tilt,        DocumentHint::glare,      DocumentHint::blur,     DocumentHint::covered,
    DocumentHint::upside_down, DocumentHint::wrong_page, DocumentHint::too_dark};
[[nodiscard]] std::string_view name(DocumentHint h);
// Those that can be said of a symbol.
inline constexpr std::array symbol_hints{DocumentHint::hold_still, DocumentHint::too_far, DocumentHint::too_near,
                                         DocumentHint::cut_off,    DocumentHint::glare,   DocumentHint::covered,
                                         DocumentHint::too_dark};

class Session {
  public:
    Session(SessionSettings settings, Entropy& entropy);

    // The local dates that today may be, whether the clock is sure, and what it says.
    void set_day(std::vector<Date> today, ClockState clock, WallTime now);
    [[nodiscard]] std::vector<SessionEffect> handle(const SessionInput& input, MonoTime now);

    // What the page shows.
    [[nodiscard]] SessionState state() const { return state_; }
    [[nodiscard]] const std::string& language() const { return language_; }
    // While a boarding pass is waited for: place where nothing hinders.
    [[nodiscard]] DocumentHint hint() const;
    [[nodiscard]] PicturePlace hint_place() const;  // of glare or what covers; nowhere with any other hint
    [[nodiscard]] int attempts() const { return attempts_; }
    [[nodiscard]] bool warned() const { return warned_; }  // "are you still there?"
    [[nodiscard]] const std::optional<TravelDocument>& document() const { return document_; }
    [[nodiscard]] const std::optional<InspectionRecord>& finished() const { return finished_; }  // in saving and result
    [[nodiscard]] bool seen_before() const { return seen_before_; }  // the same document within ten minutes
    [[nodiscard]] const SessionSettings& settings() const { return settings_; }
    // When handle(TimePassed) is due at the latest.
    [[nodiscard]] MonoTime deadline() const;

  private:
    using Effects = std::vector<SessionEffect>;
    using RecentKey = Digest;
    struct Recent {
        InspectionRecord record;  // token, ending and reasons; nothing that names the person
        MonoTime at{};
    };
    void on_page(const PageInput& in, Effects& out);
    void on_mrz(const MrzReading& reading, Effects& out);
    void on_barcode(const BarcodeReading& reading, Effects& out);
    void on_glass(const link::GlassSeen& glass, Effects& out);
    void on_sight(const MrzSight& sight);
    void on_sight(const SymbolSight& sight);
    // Whether a symbol lies there and no rows: then what hinders the symbol is said.
    [[nodiscard]] bool symbol_alone() const;
    void on_health(const Health& health, Effects& out);
    void on_stored(bool done, Effects& out);
    void on_time(Effects& out);
    void enter(SessionState next, Effects& out);
    void after_confirm(Effects& out);
    void ask_or_finish(Effects& out);
    void attempt_failed(Effects& out);
    void accept_document(const MrzResult& result, Effects& out);
    void finish(Ending ending, Effects& out);
    void end(Effects& out);
    void set_party(std::string_view value, Effects& out);
    void answer(std::string_view value, Effects& out);
    [[nodiscard]] bool question_matters() const;
    [[nodiscard]] std::string number_for_lists() const;  // "": none was read
    [[nodiscard]] Inspection inspection() const;
    [[nodiscard]] InspectionRecord assessed() const;
    [[nodiscard]] std::optional<RecentKey> key_of(const TravelDocument& d) const;
    [[nodiscard]] std::string new_token();
    [[nodiscard]] bool active() const;  // a person is at the kiosk
    [[nodiscard]] MonoTime idle_deadline() const;
    void forget_old();
    void sign();  // of the traveller

    SessionSettings settings_;
    Entropy& entropy_;
    Salt salt_{};  // of the keys of recent documents; new at each start
    std::map<RecentKey, Recent> recent_;

    SessionState state_ = SessionState::idle;
    MonoTime now_{};
    MonoTime touched_{};  // last sign of the traveller
    MonoTime entered_{};  // the present state
    MonoTime placed_{};   // a still document is on the glass since; 0: none
    MonoTime devices_away_{};
    Health health_;
    bool warned_ = false;

    std::string language_ = "en";
    CrossingId crossing_;
    std::vector<Date> today_;
    ClockState clock_ = ClockState::unsure;
    WallTime wall_{};
    std::optional<Party> party_;
    MrzPolicy policy_ = reading_policy();
    MrzFusion fusion_;
    MrzHints hints_;
    SymbolHints symbol_hints_;
    MonoTime rows_seen_{};                     // of an MRZ, last; 0: not yet
    DocumentHint hint_ = DocumentHint::place;  // but for what hinders
    int attempts_ = 0;
    std::optional<TravelDocument> document_;
    std::vector<BarcodeContent> barcodes_;
    std::vector<Answer> answers_;
    std::optional<InspectionRecord> finished_;
    bool seen_before_ = false;
};

}  // namespace paso
