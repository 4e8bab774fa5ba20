// A file of recorded crossings: the facts of each and the rules that referred it, so that a draft of a pack can be
// tried on them. No name, number or picture is in it. docs/manual/pack-simulate.md has the format.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/rules/facts.hpp"
#include "core/rules/value.hpp"

namespace paso {

// What of a crossing may stand in such a file: no fact about protection, none that is personal and any text.
[[nodiscard]] bool may_be_kept(const FactDeclaration& fact);

class FactsFileWriter {
  public:
    explicit FactsFileWriter(const Schema& schema);
    // `referred`: ids of the rules that referred the crossing.
    void add(const Facts& facts, std::span<const std::string> referred);
    [[nodiscard]] std::size_t crossings() const { return crossings_; }
    // The whole file.
    [[nodiscard]] Bytes take() const;

  private:
    std::uint64_t number(std::map<std::string, std::uint64_t, std::less<>>& of, std::string_view text);
    void put_value(Bytes& out, const FactValue& value);
    std::vector<FactDeclaration> facts_;
    std::map<std::string, std::uint64_t, std::less<>> texts_;
    std::map<std::string, std::uint64_t, std::less<>> rules_;
    Bytes crossings_bytes_;
    std::size_t crossings_ = 0;
};

inline constexpr std::uint32_t no_text = 0xFFFFFFFF;

// One crossing as the rules read it. Reused from one to the next of one file: it views the file and itself.
struct RecordedCrossing {
    std::vector<Value> slots;          // a value for each fact of the schema, in its order; unknown where there is none
    std::vector<std::uint32_t> texts;  // the number of the text in the file; no_text where it is none
    std::vector<std::uint32_t> rules;  // numbers of the rules that referred it
    struct Several {
        std::uint16_t slot = 0;
        std::vector<Value> values;
    };
    std::vector<Several> several;  // facts with several possible values, whose slot holds the first
    Arena arena;                   // of sets
};

// Reads a file from its beginning. Errors: "facts_file.version" (another one), "facts_file.format" with the offset.
class FactsFile {
  public:
    // `bytes` and `schema` must outlive the file. Facts that the schema has not are passed over, and those whose type
    // is another one are an error.
    [[nodiscard]] static Result<FactsFile> open(ByteView bytes, const Schema& schema);

    [[nodiscard]] const std::vector<std::string_view>& texts() const { return texts_; }
    [[nodiscard]] const std::vector<std::string_view>& rules() const { return rules_; }
    [[nodiscard]] bool has(std::uint16_t slot) const;

    // False: there is no more.
    [[nodiscard]] Result<bool> next(RecordedCrossing& out);

  private:
    struct Column {
        bool known = false;
        std::uint16_t slot = 0;
        FactType type = FactType::boolean;
    };
    FactsFile(ByteView bytes, const Schema& schema) : bytes_(bytes), schema_(&schema) {}
    [[nodiscard]] Status header();

    ByteView bytes_;
    const Schema* schema_;
    std::size_t at_ = 0;
    std::vector<std::string_view> texts_;
    std::vector<std::uint32_t> places_;  // of each text in their order
    std::vector<std::string_view> rules_;
    std::vector<Column> columns_;
};

}  // namespace paso
