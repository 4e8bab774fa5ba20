#!/usr/bin/env bash
# Time, chance, files and the network enter core, sync and kiosk through Env and Network alone; sync/host is the one place
# where they are made. Anything else would make the simulation lie.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
forbidden='_clock::now|(steady|system|high_resolution|deadline)_timer|beast::tcp_stream|timeout::suggested|random_device|mt19937'
forbidden+='|\bgetrandom\b|\bgetentropy\b|\barc4random|\b(s)?rand\(|\bfopen\b|(^|[^A-Za-z_>])::open(at)?\(|[io]?fstream\b|std::filesystem|\bdetached\b|<(fcntl|unistd|sys/[a-z]+|poll|fstream|filesystem)(\.h)?>'
forbidden+='|sleep_for|sleep_until|\bu?sleep\(|nanosleep|gettimeofday|clock_gettime|\btime\((nullptr|NULL|0)?\)|\bgetenv\b'
forbidden+='|boost/asio/(ip/|local/|basic_.*socket|.*timer)|\bsocket\(|randombytes_'
files=$(git ls-files -co --exclude-standard 'core/*.cpp' 'core/*.hpp' 'sync/*.cpp' 'sync/*.hpp' 'kiosk/*.cpp' 'kiosk/*.hpp' |
    grep -v '^sync/host/')
bad=$(for f in $files; do
    sed -E 's://.*$::; s/"([^"\\]|\\.)*"/""/g' "$f" | grep -nE "$forbidden" | sed "s:^:$f\:: " || true
done)
if [ -n "$bad" ]; then
    echo "seams: these must go through Env, Network or sync/host:" >&2
    echo "$bad" >&2
    exit 1
fi
echo "seams: $(echo "$files" | wc -l) files"
