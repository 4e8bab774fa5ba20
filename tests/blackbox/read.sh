#!/usr/bin/env bash
# `paso read` on upright, sharp specimens of each format: every line must be exact. And what it says of bad files.
# Usage: read.sh BIN [COUNT]
set -euo pipefail
bin=$1
count=${2:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for format in TD3 TD2 TD1 MRV-A MRV-B FR-ID CH-DL; do
    state=single_frame
    [ $format != CH-DL ] || state=proposed # it has no check digits
    mkdir "$work/$format"
    "$bin/paso-specimen" write --format "$format" --seed 5000 --count "$count" --view upright --out "$work/$format" --today 2026-11-24 >/dev/null
    "$bin/paso" read "$work/$format"/*.jpg >"$work/read.jsonl" || true
    exact=$(node -e '
        const fs = require("fs"), path = require("path");
        const lines = (f) => fs.readFileSync(f, "utf8").trim().split("\n").map(JSON.parse);
        const truth = new Map(lines(process.argv[1]).map((t) => [path.basename(t.file), t.lines.join("\n")]));
        const read = lines(process.argv[2]);
        console.log(read.filter((r) => r.documents.length === 1 && r.documents[0].state === process.argv[3]
            && r.documents[0].lines.join("\n") === truth.get(path.basename(r.source))).length);
    ' "$work/$format/truth.jsonl" "$work/read.jsonl" $state)
    echo "$format: $exact of $count exact"
    [ "$exact" -eq "$count" ] || failed=1
done
expect() { # code, text, arguments...
    local code=$1 text=$2 got=0
    shift 2
    "$bin/paso" "$@" >"$work/out" 2>&1 || got=$?
    if [ "$got" -ne "$code" ] || ! grep -q -- "$text" "$work/out"; then
        echo "paso $*: expected exit $code and \"$text\", got $got:" && cat "$work/out"
        failed=1
    fi
}
first=$(ls "$work"/TD3/*.jpg | head -1)
: >"$work/empty.jpg"
head -c 3000 "$first" >"$work/cut.jpg"
head -c 5000 /dev/urandom >"$work/noise.png"
"$bin/paso-specimen" write --format TD3 --seed 1 --count 1 --wrong-page --out "$work/wrong" --today 2026-11-24 >/dev/null
"$bin/paso-specimen" write --format TD1 --seed 20 --count 1 --damaged --out "$work/damaged" --today 2026-11-24 >/dev/null
expect 0 '"state":"single_frame","why":"none"' read "$first"
expect 3 '"code":"mrz.obstacle","detail":"covered"' read "$work"/damaged/*.jpg
if ldd "$bin/paso" "$bin/paso-devices" | grep -E 'imgcodecs|videoio'; then
    echo "paso and paso-devices need neither" && failed=1
fi
# Memory at its most, in kB.
"$bin/paso" read "$work"/TD3/*.jpg >/dev/null &
reader=$!
high=0
while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$reader/status" 2>/dev/null) && [ -n "$now" ]; do
    high=$now
    sleep 0.02
done
wait $reader || failed=1
echo "paso read takes $((high / 1024)) MB for pictures of 1920 x 1080"
[ "$high" -gt 0 ] && [ "$high" -lt 61440 ] || failed=1
# What the reader itself takes, in bytes: its code, the net and the tables.
taken=$(size -t "$bin"/../devices/libpaso_devices_mrz.a "$bin"/../core/libpaso_core_mrz.a | awk 'END { print $1 + $2 }')
echo "the MRZ reader's code and net take $((taken / 1000)) kB"
[ "$taken" -gt 0 ] && [ "$taken" -le 1000000 ] || failed=1
best=1000000
for _ in 1 2 3 4 5; do
    began=$EPOCHREALTIME
    "$bin/paso" read "$first" >/dev/null
    took=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
    [ "$took" -ge "$best" ] || best=$took
done
echo "paso read takes $best ms from its start to its result, the best of five"
expect 1 'picture.unknown_format' read "$work/empty.jpg"
expect 1 'picture.truncated' read "$work/cut.jpg"
expect 1 'picture.unknown_format' read "$work/noise.png"
expect 1 'file.missing' read "$work/none.jpg"
expect 3 '"documents":\[\]' read "$work"/wrong/*.jpg
expect 0 '48 passed, 0 failed' pack test "$(dirname "$0")/../../deploy/packs/uto-demo.toml"
expect 0 ': 0 findings' pack check "$(dirname "$0")/../../deploy/packs/uto-demo.toml"
sed 's/^when = "!document.present"$/when = "document.present \&\& !document.present"/' "$(dirname "$0")/../../deploy/packs/uto-demo.toml" >"$work/never.pack"
expect 3 'never_true: rule document.read' pack check "$work/never.pack"
expect 3 '"check":"never_true","rule":"document.read"' pack check --json "$work/never.pack"
printf 'nationality,visa\nAAA,needed\n' >"$work/v.csv"
hash=$(sha256sum "$work/v.csv" | cut -c1-64)
printf '[[table]]\nname = "v"\nfile = "v.csv"\nsha256 = "%s"\nkey = ["nationality"]\ncolumns = [{ name = "nationality", kind = "state" }, { name = "visa", kind = "text" }]\n' "$hash" |
    cat "$(dirname "$0")/../../deploy/packs/uto-demo.toml" - >"$work/beside.pack"
expect 0 '48 passed, 0 failed' pack test "$work/beside.pack"
"$bin/paso" pack bundle "$work/beside.pack" --out "$work/whole.pack" || failed=1
printf 'nationality,visa\nAAA,none\n' >"$work/v.csv"
expect 1 'table.hash' pack test "$work/beside.pack"
rm "$work/v.csv"
expect 1 'file.missing' pack test "$work/beside.pack"
expect 0 '48 passed, 0 failed' pack test "$work/whole.pack"
printf 'id = "x"\nversion = = 1\n' >"$work/bad.pack"
expect 1 'pack.syntax.*line 2' pack test "$work/bad.pack"
expect 1 'journal' log verify "$work/noise.png"
expect 2 'required' read
expect 0 'completion' --help
expect 0 'paso 0.1.0' --version
expect 0 'complete -o' completion
[ $failed -eq 0 ] && echo "paso read: as it should be"
exit $failed
