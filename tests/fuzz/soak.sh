#!/usr/bin/env bash
# Lets every fuzz target of preset `fuzz` run on its own seeds. Usage: soak.sh BIN_DIR SECONDS [TARGET...]
# As many run at once as there are processors. What breaks one is left in build/fuzz/found, to be mended and then kept in
# tests/fuzz/corpus; the last line of each target says how many inputs it tried.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$1
seconds=$2
shift 2
found=build/fuzz/found
mkdir -p "$found"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
one() { # target
    local target=$1 name=${1#fuzz_}
    mkdir -p "$work/$name"
    # Known inputs are read, new ones written beside: the tree stays as it is. A hang of 10 s and 2 GB of memory are faults.
    if "$bin/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$found/$name-" "$work/$name" "tests/fuzz/corpus/$name" >"$work/$name.log" 2>&1; then
        echo "ok     $name $(sed -n 's/^stat::number_of_executed_units: *\([0-9]*\)/\1 inputs/p' "$work/$name.log")"
    else
        echo "FAILED $name"
        tail -40 "$work/$name.log"
        return 1
    fi
}
export -f one
export bin seconds found work
if [ $# -gt 0 ]; then targets=("$@"); else mapfile -t targets < <(cd "$bin" && ls -1 | grep '^fuzz_'); fi
[ ${#targets[@]} -gt 0 ] || { echo "no fuzz target in $bin: cmake --preset fuzz && cmake --build build/fuzz" >&2; exit 1; }
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {}'
