// Runs the conformance cases of CEL (the npm package @bufbuild/cel-spec) through `paso pack eval-expr` and judges the
// answers. Usage: run.mjs BIN_DIR [--verbose]. It fails if one answer is wrong, or if fewer than 97 % are right of the cases
// without protobuf messages in the files that the rules' language is a subset of. "Unsupported" is not wrong, and not right.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const program = path.join(process.argv[2] ?? "build/release/bin", "paso");
const verbose = process.argv.includes("--verbose");
const subset = ["basic", "comparisons", "logic", "integer_math", "fp_math", "string", "lists", "macros", "fields", "timestamps",
    "conversions", "parse"];
const least = 0.97;

if (!existsSync(path.join(here, "node_modules"))) {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: here, stdio: "inherit" });
}
const { tests } = await import("./node_modules/@bufbuild/cel-spec/dist/esm/testdata/conformance.js");

// --- Cases

function* casesOf(suite, names) {
    for (const test of suite.tests ?? []) yield { file: names[0], name: [...names, test.original.name].join("/"), ...test.original };
    for (const inner of suite.suites ?? []) yield* casesOf(inner, [...names, inner.name]);
}
const cases = tests.suites.flatMap((suite) => [...casesOf(suite, [suite.name])]).filter((c) => !c.checkOnly);

// Messages, and the enums and wrappers that come with them, are no part of the language. Timestamps and durations are.
function usesMessages(c) {
    const text = JSON.stringify([c.expr, c.bindings ?? {}, c.value ?? {}, c.container ?? ""])
        .replaceAll(/google\.protobuf\.(Timestamp|Duration)(?![A-Za-z{])/g, "");
    return /TestAllTypes|google\.protobuf\.|objectValue":\{"@type":"type\.googleapis\.com\/cel|enumValue|cel\.expr/.test(text);
}

const line = (c, id) => JSON.stringify({
    id,
    expr: c.expr,
    ...(c.container ? { container: c.container } : {}),
    ...(c.bindings ? { bindings: Object.fromEntries(Object.entries(c.bindings).map(([k, v]) => [k, v.value ?? v])) } : {}),
});

// --- Judgement

// Two values in the JSON form of cel.expr.Value: doubles by their value, maps without order, an absent list as an empty one.
function same(a, b) {
    const [form] = Object.keys(a ?? {});
    if (form === undefined || !(form in (b ?? {}))) return false;
    const [x, y] = [a[form], b[form]];
    if (form === "doubleValue") return Object.is(Number(x), Number(y)) || Number(x) === Number(y);
    if (form === "listValue") {
        const [p, q] = [x.values ?? [], y.values ?? []];
        return p.length === q.length && p.every((v, i) => same(v, q[i]));
    }
    if (form === "mapValue") {
        const [p, q] = [x.entries ?? [], y.entries ?? []];
        return p.length === q.length && p.every((e) => q.some((f) => same(e.key, f.key) && same(e.value, f.value)));
    }
    if (form === "objectValue") return x["@type"] === y["@type"] && x.value === y.value;
    return String(x) === String(y);
}

function judge(c, answer) {
    if (answer?.error === "unsupported") return "unsupported";
    const expected = c.value ?? c.typedResult?.result;
    if (c.evalError || c.unknown) return answer?.error ? "right" : "wrong";
    if (!expected) return answer?.value && same({ boolValue: true }, answer.value) ? "right" : "wrong";
    return answer?.value && same(expected, answer.value) ? "right" : "wrong";
}

const run = spawnSync(program, ["pack", "eval-expr"], {
    input: cases.map((c, id) => line(c, id)).join("\n") + "\n",
    maxBuffer: 1 << 28,
    encoding: "utf8",
});
if (run.status !== 0) {
    console.error(`paso pack eval-expr ended with ${run.status ?? run.signal}: ${run.stderr}`);
    process.exit(1);
}
const answers = new Map(run.stdout.split("\n").filter(Boolean).map((l) => JSON.parse(l)).map((a) => [a.id, a]));

// --- Report

const files = new Map();
const sum = { right: 0, wrong: 0, unsupported: 0 };
const inSubset = { right: 0, all: 0 };
cases.forEach((c, id) => {
    const verdict = judge(c, answers.get(id));
    const row = files.get(c.file) ?? { right: 0, wrong: 0, unsupported: 0 };
    files.set(c.file, row);
    row[verdict] += 1;
    sum[verdict] += 1;
    const counted = subset.includes(c.file) && !usesMessages(c);
    if (counted) inSubset.all += 1;
    if (counted && verdict === "right") inSubset.right += 1;
    if (verdict === "wrong" || (verbose && counted && verdict !== "right"))
        console.log(`${verdict}: ${c.name}: ${c.expr} -> ${JSON.stringify(answers.get(id))}, expected ${JSON.stringify(c.value ?? c.evalError)}`);
});
const print = (name, r) => console.log(`${name.padEnd(18)} ${[r.right, r.unsupported, r.wrong].map((n) => String(n).padStart(12)).join("")}`);
console.log("file".padEnd(18) + " " + ["right", "unsupported", "wrong"].map((s) => s.padStart(12)).join(""));
for (const [file, row] of [...files].sort()) print(file + (subset.includes(file) ? " *" : ""), row);
print("all", sum);
const share = inSubset.right / inSubset.all;
console.log(`* without messages: ${inSubset.right} of ${inSubset.all} right (${(share * 100).toFixed(1)} %), ${sum.wrong} wrong of ${cases.length}`);
process.exit(sum.wrong === 0 && share >= least ? 0 : 1);
