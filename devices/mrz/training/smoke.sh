#!/bin/sh
# A few dozen steps of training: the loss must fall, a second start must resume, the export must load. Two to three minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=/usr/bin/python3
"$python" "$here/train.py" --out "$work" --steps 50 --save-every 1000 --batch 8 --seed 11 >"$work/first"
"$python" "$here/train.py" --out "$work" --steps 150 --save-every 1000 --batch 8 --seed 11 >"$work/second"
grep -q 'from step 50' "$work/second" || { echo "smoke: training did not resume" >&2; exit 1; }
loss() { sed -n 's/^step '"$2"' loss \([0-9.]*\).*/\1/p' "$work/$1"; }
before=$(loss first 50)
after=$(loss second 150)
awk -v a="$before" -v b="$after" 'BEGIN { exit !(a > 0 && b > 0 && b < 0.8 * a) }' ||
  { echo "smoke: loss $before at step 50, $after at step 150: it does not fall" >&2; exit 1; }
"$python" "$here/train.py" --out "$work" --export "$work/net.onnx" --no-check
test -s "$work/net.onnx"
# The committed net, taken apart into the net of the training, answers as check.txt says: train.py ends otherwise.
"$python" "$here/train.py" --out "$work/again" --start "$here/../model/mrz.onnx" --steps 1 --save-every 1000 --batch 4 --seed 12 >"$work/third"
echo "smoke: loss $before at step 50, $after at step 150"
