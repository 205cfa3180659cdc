#!/usr/bin/env bash
# Builds everything and runs every test: native (also with sanitizers), WebAssembly in Node, and the page in Chromium.
# usage: tools/test.sh
# INKREAD_MNIST: a folder with MNIST (data/mnist unless set). INKREAD_PICTURES: folders of pictures that tool and module must
# read alike. Tests that need them are skipped, and say so, without them.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/setup.sh
. tools/setup.sh

require_tools tests
[ -z "${INKREAD_MNIST:-}" ] && [ -d data/mnist ] && export INKREAD_MNIST="$PWD/data/mnist"
export INKREAD_CLI="$PWD/build/native-release/inkread" INKREAD_SITE="$PWD/build/site"
logs=build/logs
mkdir -p "$logs"
passed=0
failed=0
skipped=0

# Sums what matches the pattern's group in a log: count LOG PATTERN
count() { sed -nE "s/.*$2.*/\1/p" "$1" | awk '{ sum += $1 } END { print sum + 0 }'; }

# Runs a step, shows its log if it fails, and counts its tests: doctest's, Node's or ctest's if it ran such, else itself.
step() {
  local name=$1 log status=0 ok bad skip start=$SECONDS
  log="$logs/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9' '-').log"
  shift
  "$@" >"$log" 2>&1 || status=$?
  ok=$(($(count "$log" 'test cases: +[0-9]+ \| +([0-9]+) passed') + $(count "$log" '^# pass ([0-9]+)')))
  bad=$(($(count "$log" 'test cases: +[0-9]+ \| +[0-9]+ passed \| +([0-9]+) failed') + $(count "$log" '^# fail ([0-9]+)') +
    $(count "$log" 'tests passed, ([0-9]+) tests? failed out of')))
  ok=$((ok + $(count "$log" 'tests? failed out of ([0-9]+)') - $(count "$log" 'tests passed, ([0-9]+) tests? failed out of')))
  skip=$(count "$log" '^# skipped ([0-9]+)')
  local not_run
  not_run=$(grep -cE '\*\*\*Skipped' "$log" || true)
  skip=$((skip + not_run))
  ok=$((ok - not_run))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ "$status" -eq 0 ] && [ $((ok + bad + skip)) -eq 0 ]; then ok=1; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  skipped=$((skipped + skip))
  printf '%-44s %5d passed %3d failed %3d skipped  %4d s\n' "$name" "$ok" "$bad" "$skip" $((SECONDS - start))
  grep -E '# SKIP|\*\*\*Skipped' "$log" | sed 's/^ */    /' || true
  if [ "$status" -ne 0 ]; then
    echo "----- $log"
    if [ "$bad" -gt 0 ] && grep -q '^ *not ok' "$log"; then grep -A25 '^ *not ok' "$log" | head -n 200; else tail -n 100 "$log"; fi
    echo "-----"
  fi
  return 0
}

# build PRESET [TARGETS]. Everything after a build that failed would only fail again.
build() {
  step "build $1" sh -c "cmake --preset $1 -DINKREAD_WERROR=ON && cmake --build --preset $1 ${2:-}"
  if [ "$failed" -gt 0 ]; then
    echo "$passed passed, $failed failed"
    exit 1
  fi
}

sources() { git ls-files --cached --others --exclude-standard "$@"; }

check_format() { sources '*.cpp' '*.hpp' '*.h' | xargs clang-format --dry-run -Werror; }

check_types() {
  for project in wasm_bindings web web/tsconfig.worker.json; do
    node_modules/.bin/tsc -p "$project" || return 1
  done
}

# Only files that changed, or all where a header or a setting did, since the last time all was well.
check_tidy() {
  local stamp=build/tidy.stamp files
  if [ -e "$stamp" ] && [ -z "$(sources '*.hpp' '*.h' '*.clang-tidy' CMakeLists.txt | xargs -I{} find {} -newer "$stamp")" ]; then
    files=$(sources 'engine/*.cpp' 'wasm_bindings/*.cpp' 'tools/*.cpp' 'tests/*.cpp' | xargs -I{} find {} -newer "$stamp")
  else
    files=$(sources 'engine/*.cpp' 'wasm_bindings/*.cpp' 'tools/*.cpp' 'tests/*.cpp')
  fi
  local begun
  begun=$(mktemp)
  if [ -n "$files" ]; then
    # shellcheck disable=SC2086 # a list of names
    printf '%s\n' $files | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 nice -n 19 clang-tidy --quiet -p build/native-debug || return 1
  fi
  mv "$begun" "$stamp"
}

# Runs something beside the next steps: begin NAME COMMAND..., and later, as a step, finish NAME.
declare -A beside
begin() {
  local name=$1
  shift
  "$@" >"$logs/$name.out" 2>&1 &
  beside[$name]=$!
}
finish() {
  local status=0
  wait "${beside[$1]}" || status=$?
  cat "$logs/$1.out"
  return "$status"
}

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund >"$logs/npm.log" 2>&1 || { cat "$logs/npm.log" >&2; exit 1; }
fi

build native-release
build wasm-release
# The tool's command line is not run with sanitizers, and takes long to compile.
build native-debug "--target unit_tests fuzz_tests"
# Takes a core where the steps that follow leave one.
begin tidy check_tidy
# Slow and on one core only.
begin sanitized build/native-debug/tests/unit_tests --no-colors=true
step "units, native" build/native-release/tests/unit_tests --no-colors=true
step "units, WebAssembly" node build/wasm-release/tests/unit_tests.js --no-colors=true
step "other native tests" ctest --preset native-release -E unit_tests
step "fuzzing" ctest --preset native-debug -R fuzz
step "module in Node" node --test tests/wasm/*.test.mjs
step "page's modules in Node" node --test tests/web/*.test.mjs
step "parity" node --test tests/parity/*.test.mjs
step "command line" node --test tests/cli/*.test.mjs
step "structure and scripts" node --test tests/structure/*.test.mjs tests/tools/*.test.mjs
step "units, native with sanitizers" finish sanitized
# The browser takes its time to look for newer versions.
begin updates node --test tests/browser/updates.test.mjs
# shellcheck disable=SC2046 # names without spaces
step "page in Chromium" node --test --test-concurrency=2 $(printf '%s\n' tests/browser/*.test.mjs | grep -v /updates)
step "newer versions of the page" finish updates
step "types of the page and the module" check_types
step "format" check_format
step "clang-tidy" finish tidy

echo
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
