#!/usr/bin/env bash
# About a person no screen, receipt, pack or catalogue uses these words (law 1).
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
files=$(git ls-files -co --exclude-standard 'kiosk/*.html' 'kiosk/*.js' 'kiosk/*.txt' 'kiosk/*catalogue*' 'sync/centre/*.html' 'sync/centre/*.js' \
    'sync/ui/*.js' 'deploy/packs/*' | grep -v '/vendor/' | sort -u)
english='denied|refused|rejected|invalid|illegal|alien|aliens|suspect|suspects|suspected|suspicious'
spanish='denegad[oa]s?|rechazad[oa]s?|inv[aá]lid[oa]s?|ilegal(es)?|sospechos[oa]s?'
arabic='مرفوض|ممنوع|غير صالح|غير قانوني|مشتبه|مشبوه'
bad=$(for f in $files; do grep -niwE "$english|$spanish|$arabic" "$f" | sed "s:^:$f\:: " || true; done)
if [ -n "$bad" ]; then
    echo "words that no person should read about themselves:" >&2
    echo "$bad" >&2
    exit 1
fi
echo "words: $(echo "$files" | wc -l) files"
