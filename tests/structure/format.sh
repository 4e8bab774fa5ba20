#!/usr/bin/env bash
# Every C++ file of ours is as clang-format-16 writes it.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
git ls-files '*.cpp' '*.hpp' | xargs -r clang-format-16 --dry-run --Werror
echo "format: $(git ls-files '*.cpp' '*.hpp' | wc -l) files"
