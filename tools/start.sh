#!/usr/bin/env bash
# Builds the page if needed and serves it at http://localhost:8080.
# usage: tools/start.sh [--port N]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/setup.sh
. tools/setup.sh

require_tools page
mkdir -p build
cmake --preset wasm-release >build/wasm-configure.log 2>&1 || { cat build/wasm-configure.log >&2; exit 1; }
cmake --build --preset wasm-release --target site
exec node tools/serve.mjs --dir build/site "$@"
