#include "kiosk/tool/pack_print_command.hpp"

#include "kiosk/tool/pack_command.hpp"
#include "kiosk/tool/pack_page.hpp"

namespace paso {

int print_pack(Env& env, const PackPrintOptions& options, const Schema& schema, const PrintLine& out,
               const PrintLine& err) {
    const auto pack = load_draft(env, options.file, schema);
    if (!pack) return err(options.file + ": " + describe(pack.error())), 1;
    const auto languages = languages_of(*pack);
    if (!languages.contains(options.language)) {
        std::string there;
        for (const std::string& l : languages) there += " " + l;
        return err(options.file + ": no reason has words in " + options.language + "; there are:" + there), 1;
    }
    const std::string page = pack_page(*pack, schema, options.language);
    if (options.target.empty()) return out(page), 0;
    if (const Status s = env.files.replace(options.target, as_bytes(page), false); !s)
        return err(options.target + ": " + describe(s.error())), 1;
    return 0;
}

}  // namespace paso
