#!/usr/bin/env bash
# `paso decode` as a user runs it: kinds, ways to write bytes, standard input, trust, exit codes. Usage: decode.sh BIN
set -euo pipefail
bin=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
expect() { # code, text, arguments...; standard input is $work/in
    local code=$1 text=$2 got=0
    shift 2
    "$bin/paso" decode "$@" <"$work/in" >"$work/out" 2>&1 || got=$?
    if [ "$got" -ne "$code" ] || ! grep -q -- "$text" "$work/out"; then
        echo "paso decode $*: expected exit $code and \"$text\", got $got:" && cat "$work/out"
        failed=1
    fi
}
cd "$work"
printf 'M1ERIKSSON/ANNA MARIA EABC123 UTAUTBUT 0834 328Y012A0042 100\n' >in
printf 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n' >mrz.txt
printf 'https://example.org/a?b=c\n' >link.txt
printf 'something else\n' >other.txt
base64 <in >pass.b64
od -An -v -tx1 in >pass.hex
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/C=UT/CN=Utopia CSCA' -days 9 \
    -keyout key.pem -out csca.pem 2>/dev/null
expect 0 '"kind":"BoardingPass","assurance":"structure"' -
expect 0 '"date_inferred":"2025-11-24"' --date 2025-11-20 -
expect 0 '"kind":"BoardingPass"' --base64 pass.b64
expect 0 '"kind":"BoardingPass"' --hex pass.hex
expect 0 '"kind":"Mrz".*"surname":"ERIKSSON"' mrz.txt
expect 0 '"kind":"Url".*"host":"example.org"' link.txt
expect 0 '"source":"link.txt"' --trust csca.pem link.txt mrz.txt
expect 0 '"source":"mrz.txt"' --trust csca.pem --trust csca.pem link.txt mrz.txt
expect 3 '"kind":"Unknown","assurance":"none"' other.txt link.txt
expect 1 'file.missing' none.txt
expect 1 'trust.format' --trust other.txt link.txt
expect 2 'decode.date' --date 1.1.2025 link.txt
expect 2 'excludes' --hex --base64 link.txt
expect 2 'required'
expect 0 'exit: 0 every payload' --help
"$bin/paso" completion | grep -q 'decode) words=".*--trust' || { echo "the completion does not know --trust" && failed=1; }
[ $failed -eq 0 ] && echo "paso decode: as it should be"
exit $failed
