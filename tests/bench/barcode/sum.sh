#!/usr/bin/env bash
# Adds up the tallies of paso-bench-barcode --tally: one line a seed. A seed that stands twice, or two readers in one sum,
# is an error and no sum.
#
#     bash tests/bench/barcode/sum.sh FILE...
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: sum.sh FILE..." >&2; exit 2; }
awk '
{
    seed = reader = ""
    for (i = 1; i <= NF; ++i) {
        at = index($i, "="); key = substr($i, 1, at - 1); value = substr($i, at + 1)
        if (key == "seed") seed = value
        else if (key == "reader") reader = value
        else if (split(value, part, "/") == 2) { if (!(key in whole)) order[++n] = key; read[key] += part[1]; whole[key] += part[2] }
        else if (key == "frames") frames += value
        else if (key == "wrong") { wrong += value; if (value > 0) seeds_wrong = seeds_wrong " " seed }
    }
    if (seed == "" || reader == "") { print FILENAME ":" FNR ": no tally" > "/dev/stderr"; bad = 1; exit 1 }
    if (seed in seen) { print "seed " seed " stands twice" > "/dev/stderr"; bad = 1; exit 1 }
    if (first != "" && reader != first) { print "readers " first " and " reader > "/dev/stderr"; bad = 1; exit 1 }
    seen[seed] = 1; first = reader; ++seeds
    if (low == "" || seed + 0 < low + 0) low = seed
    if (seed + 0 > high + 0) high = seed
}
END {
    if (bad || seeds == 0) exit 1
    printf "reader %s: %d seeds of %s to %s, %d frames, %d wrong%s\n", first, seeds, low, high, frames, wrong,
        seeds_wrong == "" ? "" : " (seeds" seeds_wrong ")"
    for (i = 1; i <= n; ++i)
        if (whole[order[i]] > 0)
            printf "  %-12s %d of %d read, %.2f %%\n", order[i], read[order[i]], whole[order[i]], 100 * read[order[i]] / whole[order[i]]
}' "$@"
