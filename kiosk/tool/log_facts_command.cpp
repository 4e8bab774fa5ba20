#include "kiosk/tool/log_facts_command.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/crossing/crossing.hpp"
#include "core/rules/facts_file.hpp"
#include "sync/journal/verify.hpp"

namespace paso {

namespace {

// What another program wrote may have another type under the same name.
bool all_admitted(const Facts& facts, const Schema& schema) {
    const auto& all = facts.entries();
    return std::all_of(all.begin(), all.end(), [&](const FactEntry& e) {
        const FactDeclaration* const fact = schema.find(e.name);
        return fact == nullptr || std::all_of(e.values.begin(), e.values.end(),
                                              [&](const FactValue& v) { return type_of(v) == fact->type; });
    });
}

}  // namespace

int write_log_facts(Env& env, const LogFactsOptions& options, const Schema& schema, const PrintLine& out,
                    const PrintLine& err) {
    FactsFileWriter writer(schema);
    std::size_t unread = 0;
    std::set<std::pair<StationId, Position>> seen;
    for (const std::string& path : options.journals) {
        const Status all = each_body(path, EventKind::inspection, [&](const EventHeader& header, ByteView body) {
            if (!seen.emplace(header.station, header.position).second) return;
            const auto opened = options.open_body(body);
            const auto record = opened ? decode_inspection(*opened) : fail(opened.error());
            if (!record || !all_admitted(record->facts, schema)) {
                ++unread;
                return;
            }
            std::vector<std::string> referred;
            for (const Finding& f : record->assessment.findings) {
                if (f.refers && f.then == Outcome::officer && !f.is_private) referred.push_back(f.rule);
            }
            writer.add(record->facts, referred);
        });
        if (!all) return err(path + ": " + describe(all.error())), 1;
    }
    if (const Status s = env.files.replace(options.target, writer.take(), false); !s)
        return err(options.target + ": " + describe(s.error())), 1;
    out(std::to_string(writer.crossings()) + " crossings written, " + std::to_string(unread) +
        " bodies could not be read");
    return 0;
}

}  // namespace paso
