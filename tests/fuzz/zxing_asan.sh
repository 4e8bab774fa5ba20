#!/usr/bin/env bash
# Looks for reads and writes beyond ZXing's bounds. Debian's library is not built with a sanitizer, so this gets Debian's
# source package of the very version that is installed, builds it with the address and undefined-behaviour sanitizers,
# and lets it decode mutated symbols (paso-zxing-mutants) and the inputs of fuzz_devices_barcode.
# Where the source cannot be had it says so and lets valgrind watch the installed library instead, on fewer symbols.
#
#     zxing_asan.sh [MUTANTS] [SECONDS]     20000 mutants, 600 seconds of fuzzing
#
# What ends the decoder is left in build/zxing/found. Exits with 0 when nothing did, skipped or not.
set -euo pipefail
cd "$(dirname "$0")/../.."
mutants=${1:-20000}
seconds=${2:-600}
work=$PWD/build/zxing
found=$work/found
mkdir -p "$found"

# The source by the machine's own apt: its sources, with deb-src for deb, in a folder of their own.
get_source() {
    local apt=$work/apt version
    command -v dpkg-source >/dev/null || return 1
    version=$(dpkg-query -W -f '${source:Version}' libzxing-dev) || return 1
    rm -rf "$apt" "$work/source"
    mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial" "$work/source"
    local file
    for file in /etc/apt/sources.list.d/*.sources; do
        if [ -e "$file" ]; then sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/${file##*/}"; fi
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        if [ -e "$file" ]; then sed -n 's/^deb[[:space:]]/deb-src /p' "$file" >"$apt/parts/${file##*/}"; fi
    done
    local options=(-q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/parts"
        -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
    (
        cd "$work/source"
        apt-get "${options[@]}" update && apt-get "${options[@]}" source "zxing-cpp=$version"
    ) >"$work/source.log" 2>&1
}

build_instrumented() { # source folder
    cmake -S "$1" -B "$work/library" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++-16 \
        -DCMAKE_C_COMPILER=clang-16 -DCMAKE_INSTALL_PREFIX="$work/prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_CXX_FLAGS="-O1 -g1 -fsanitize=address,undefined,fuzzer-no-link -fno-omit-frame-pointer" \
        -DBUILD_SHARED_LIBS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_BLACKBOX_TESTS=OFF -DBUILD_UNIT_TESTS=OFF &&
        cmake --build "$work/library" -j "$(nproc)" --target install
}

if get_source; then
    source=$(find "$work/source" -mindepth 1 -maxdepth 1 -type d | head -1)
    build_instrumented "$source" >"$work/library.log" 2>&1 || { tail -40 "$work/library.log"; exit 1; }
    cmake --preset fuzz -B "$work/paso" -DZXing_DIR="$work/prefix/lib/cmake/ZXing" >"$work/paso.log"
    grep -q "^ZXing_DIR:.*=$work/" "$work/paso/CMakeCache.txt" || { echo "Paso took another ZXing"; exit 1; }
    cmake --build "$work/paso" -j "$(nproc)" --target paso-zxing-mutants fuzz_devices_barcode >>"$work/paso.log" ||
        { tail -40 "$work/paso.log"; exit 1; }
    status=0
    "$work/paso/bin/paso-zxing-mutants" --count "$mutants" --keep "$found" 2>"$work/mutants.log" || status=1
    # Behaviour that is undefined but reads nothing it must not is told of, each place once; the mutants went on.
    sed -n 's/^.*\(core\/src\/[^ ]*\): runtime error: /note: \1: /p' "$work/mutants.log" | sort | uniq -c
    grep -A12 'ERROR: AddressSanitizer' "$work/mutants.log" | head -60 || true
    bash tests/fuzz/soak.sh "$work/paso/bin" "$seconds" fuzz_devices_barcode || status=1
    exit $status
fi

echo "SKIPPED: ZXing under the address sanitizer: its source package is not to be had here:"
grep -E '^(E:|Err)|Not Found' "$work/source.log" 2>/dev/null | sed 's|[a-z]*://[^/ ]*|...|g; s|\[IP:.*||' | sort -u | head -5 || true
command -v valgrind >/dev/null || { echo "SKIPPED: valgrind, which is not installed either"; exit 0; }
cmake --preset release >"$work/paso.log"
cmake --build build/release -j "$(nproc)" --target paso-zxing-mutants >>"$work/paso.log"
# Debian's valgrind does not read what clang 16 writes for debuggers.
strip --strip-debug -o "$work/paso-zxing-mutants" build/release/bin/paso-zxing-mutants
few=$((mutants / 20))
echo "instead: valgrind over $few mutants"
status=0
valgrind --quiet --error-exitcode=9 --num-callers=20 --log-file="$work/valgrind.log" \
    "$work/paso-zxing-mutants" --in-process --count "$few" || status=1
if [ $status -ne 0 ]; then head -60 "$work/valgrind.log"; fi
exit $status
