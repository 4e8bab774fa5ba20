#!/usr/bin/env bash
# Shows that the three checks on the structure can fail: plants one violation of each in a copy of the tree and expects each
# check to say no. Usage: planted.sh BUILD_DIR (a configured and built tree; only core/base and core/text are built again).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
expect_no() { # name, command...
    local name=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        echo "planted: $name was not seen" >&2
        failed=1
    else
        echo "planted: $name is seen: $(grep -E "does not list|lists no library|name the room|world|window|needs:|must go|random_device" "$work/out" | head -1)"
    fi
}

# Rooms: one file that includes a room it does not list, one a library, one a relative path.
room_check() { # text of the file
    printf '%s\n' "$1" >"$work/planted.cpp"
    printf 'set(ROOM core/text)\nset(USES core/base)\nset(PATTERNS "^tl/expected")\nset(FILES %s)\n' "$work/planted.cpp" >"$work/list.cmake"
    cmake "-DLIST=$work/list.cmake" "-DSTAMP=$work/stamp" -P "$root/cmake/CheckRoom.cmake"
}
room_check '#include "core/base/date.hpp"' >/dev/null
expect_no "an unlisted room" room_check '#include "core/rules/pack.hpp"'
expect_no "an unlisted library" room_check '#include <boost/asio.hpp>'
expect_no "a relative path" room_check '#include "../rules/pack.hpp"'

# Purity: a core archive that reads the clock, and one that opens a file.
mkdir -p "$work/build/core"
cp "$build"/core/libpaso_core_*.a "$work/build/core/"
plant_object() { # source text
    printf '%s\n' "$1" >"$work/planted.cpp"
    clang++-16 -std=c++20 -c "$work/planted.cpp" -o "$work/planted.o"
    cp "$build/core/libpaso_core_mrz.a" "$work/build/core/"
    ar q "$work/build/core/libpaso_core_mrz.a" "$work/planted.o"
}
bash "$root/tests/structure/purity.sh" "$work/build" >/dev/null
plant_object '#include <chrono>
long planted() { return std::chrono::steady_clock::now().time_since_epoch().count(); }'
expect_no "a clock in the core" bash "$root/tests/structure/purity.sh" "$work/build"
plant_object '#include <fcntl.h>
int planted() { return open("/etc/hostname", O_RDONLY); }'
expect_no "a file in the core" bash "$root/tests/structure/purity.sh" "$work/build"

# Seams: a timer and a random device outside sync/host.
mkdir -p "$work/tree/core/base" "$work/tree/kiosk/session"
git -C "$work/tree" init -q
echo 'int nothing();' >"$work/tree/core/base/clean.hpp"
bash "$root/tests/structure/seams.sh" "$work/tree" >/dev/null
echo 'auto t = boost::asio::steady_timer(executor);' >"$work/tree/kiosk/session/planted.cpp"
expect_no "a timer in the kiosk" bash "$root/tests/structure/seams.sh" "$work/tree"
echo 'std::random_device planted;' >"$work/tree/kiosk/session/planted.cpp"
expect_no "a random device in the kiosk" bash "$root/tests/structure/seams.sh" "$work/tree"
exit $failed
