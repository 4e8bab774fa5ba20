#include "kiosk/tool/completion.hpp"

namespace paso {
namespace {

std::string words_of(const CLI::App& app) {
    std::string out;
    for (const CLI::App* sub : app.get_subcommands({})) out += sub->get_name() + " ";
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) out += "--" + name + " ";
    }
    if (!out.empty()) out.pop_back();
    return out;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    std::string cases;
    for (const CLI::App* sub : app.get_subcommands({})) {
        cases += "        " + sub->get_name() + ") words=\"" + words_of(*sub) + "\" ;;\n";
    }
    return "_paso() {\n"
           "    local words=\"" +
           words_of(app) +
           "\"\n"
           "    case ${COMP_WORDS[1]} in\n" +
           cases +
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\") $(compgen -f -- "
           "\"${COMP_WORDS[COMP_CWORD]}\"))\n"
           "}\n"
           "complete -o filenames -F _paso paso";
}

}  // namespace paso
