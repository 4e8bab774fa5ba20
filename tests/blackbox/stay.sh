#!/usr/bin/env bash
# `paso stay` as a user runs it: the answer, the picture, the exit code. Usage: stay.sh BIN
set -euo pipefail
bin=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
expect() { # code, text, arguments...
    local code=$1 text=$2 got=0
    shift 2
    "$bin/paso" stay "$@" >"$work/out" 2>&1 || got=$?
    if [ "$got" -ne "$code" ] || ! grep -q -- "$text" "$work/out"; then
        echo "paso stay $*: expected exit $code and \"$text\", got $got:" && cat "$work/out"
        failed=1
    fi
}
cd "$work"
printf 'entry,exit\n2013-09-01,2013-09-30\n2014-02-21,2014-04-20\n2014-05-01,2014-06-09\n' >sem5.csv
printf 'entry,exit\n2014-08-15,2014-09-30\n2014-11-01,2014-11-30\n' >sem2.csv
printf 'entry,exit,place\n2025-01-01,2025-01-20,GTM\n2025-01-20,,HND\n' >region.csv
printf 'entry,exit\n2025-03-01,2025-02-01\n' >reversed.csv
expect 3 '^used  *99 of 90 days$' sem5.csv --on 2014-06-09
expect 3 '^2014-06    !!!!!!!!! ' sem5.csv --on 2014-06-09
expect 0 'for an entry on the check day: 50 days$' sem5.csv --on 2014-08-30
expect 0 '^last legal day  2014-12-13$' --rule 90/180 sem2.csv --on 2014-11-30
expect 0 '"last_legal_day":"2014-12-13"' sem2.csv --on 2014-11-30 --json
expect 0 '^last legal day  2015-05-01$' --rule 6m sem2.csv --on 2014-11-30
expect 0 '^used  *77 of 90 days$' --rule 90/year sem2.csv --on 2014-11-30
expect 0 '^used  *41 of 90 days$' --rule region region.csv --on 2025-02-10 --own HND=120d
expect 0 '^used  *22 of 120 days$' --rule region region.csv --on 2025-02-10 --own HND=120d
expect 0 '^used  *20 of 30 days$' --rule 30d --places GTM region.csv --on 2025-01-20
expect 1 'stay.reversed.*(line 2, column 2)' reversed.csv --on 2025-01-01
expect 1 'file.missing' none.csv --on 2025-01-01
expect 2 'stay.rule' sem2.csv --on 2025-01-01 --rule 180/90
expect 2 'stay.date' sem2.csv --on 1.1.2025
expect 2 'required' sem2.csv
expect 0 'exit: 0 within the limit' --help
"$bin/paso" completion | grep -q 'stay) words=".*--rule' || { echo "the completion does not know --rule" && failed=1; }
[ $failed -eq 0 ] && echo "paso stay: as it should be"
exit $failed
