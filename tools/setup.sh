#!/usr/bin/env bash
# What Inkread is built with. Sourced by start.sh and test.sh:
#
#   require_tools page     what the page needs
#   require_tools tests    that, and what the native tool and all tests need; sets CHROMIUM to the lightest there is
#
# Installs what is missing on Debian and its kin where that is allowed; elsewhere says what to install, and ends.

# command or file that proves it | Debian | Fedora | Arch | Homebrew
page_requirements='
em++|emscripten|emscripten|emscripten|emscripten
wasm2js|binaryen|binaryen|binaryen|binaryen
cmake|cmake|cmake|cmake|cmake
ninja|ninja-build|ninja-build|ninja|ninja
node|nodejs|nodejs|nodejs|node
esbuild|esbuild|golang-github-evanw-esbuild|esbuild|esbuild
eigen3/Eigen/Core|libeigen3-dev|eigen3-devel|eigen|eigen
stb/stb_image.h|libstb-dev|stb-devel|stb|(none: copy stb_image.h to /usr/local/include/stb)
doctest/doctest.h|doctest-dev|doctest-devel|doctest|doctest
'
tests_requirements='
clang++|clang|clang|clang|llvm
lib/clang/*/lib/*/libclang_rt.asan*x86_64.a lib/clang/*/lib/*/libclang_rt.asan*.a|libclang-rt-dev|compiler-rt|compiler-rt|llvm
clang-format|clang-format|clang-tools-extra|clang|clang-format
clang-tidy|clang-tidy|clang-tools-extra|clang|llvm
CLI/CLI.hpp|libcli11-dev|cli11-devel|cli11|cli11
nlohmann/json.hpp|nlohmann-json3-dev|json-devel|nlohmann-json|nlohmann-json
openssl/evp.h|libssl-dev|openssl-devel|openssl|openssl
zlib.h|zlib1g-dev|zlib-devel|zlib|zlib
npm|npm|nodejs-npm|npm|node
curl|curl|curl|curl|curl
chromium|chromium|chromium|chromium|chromium
'

_present() { # one line's first field: a command, a header or a pattern below /usr/lib
  local name
  case "$1" in
    *.h | *.hpp | */Core)
      for folder in /usr/include /usr/local/include /opt/homebrew/include; do
        [ -e "$folder/$1" ] && return 0
      done ;;
    lib/*)
      for name in $1; do
        # shellcheck disable=SC2086 # patterns on purpose
        ls /usr/lib/llvm-*/$name /usr/$name >/dev/null 2>&1 && return 0
      done ;;
    chromium)
      for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
      done ;;
    *) command -v "$1" >/dev/null 2>&1 && return 0 ;;
  esac
  return 1
}

_missing() { # lines of "$1" whose first field is not there
  printf '%s\n' "$1" | while IFS= read -r line; do
    if [ -n "$line" ] && ! _present "${line%%|*}"; then printf '%s\n' "$line"; fi
  done
}

_names() { # field $1 of the lines on standard input, in one line
  cut -d'|' -f"$1" | sort -u | tr '\n' ' '
}

_may_install() { # by apt-get: as root, or with $as_root
  as_root=''
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" -eq 0 ] && return 0
  as_root=sudo
  command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null
}

_apt_get() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=30 "$@" >/dev/null; }

_install() { # the Debian packages of $missing
  local packages
  packages=$(printf '%s\n' "$missing" | _names 2)
  echo "Installing: $packages"
  _apt_get update &&
    case "$packages" in
      *libclang-rt-dev*) # is named after clang's version
        _apt_get install -y --no-install-recommends clang
        packages=${packages/libclang-rt-dev/libclang-rt-$(clang --version | sed -n 's/.*version \([0-9]*\).*/\1/p')-dev} ;;
    esac
  # shellcheck disable=SC2086 # a list of names
  _apt_get install -y --no-install-recommends $packages
}

# Chromium without its window takes a third of the processor's time, so the tests take it where it can be had.
_wish_headless_shell() {
  [ -z "${CHROMIUM:-}" ] || return 0
  if ! command -v chromium-headless-shell >/dev/null 2>&1 && _may_install; then
    echo "Installing: chromium-headless-shell"
    { _apt_get update && _apt_get install -y --no-install-recommends --no-remove chromium-headless-shell; } 2>/dev/null ||
      echo "It cannot be had, so the tests of the page take three times as long."
  fi
  if CHROMIUM=$(command -v chromium-headless-shell); then export CHROMIUM; else unset CHROMIUM; fi
}

require_tools() {
  local wanted="$page_requirements" missing as_root
  [ "$1" = tests ] && wanted="$wanted$tests_requirements"
  missing=$(_missing "$wanted")
  if [ -n "$missing" ] && _may_install; then
    _install || true
    missing=$(_missing "$wanted")
    if [ -n "$missing" ]; then
      echo "After the installation these are still missing: $(printf '%s\n' "$missing" | _names 1)" >&2
      return 1
    fi
  elif [ -n "$missing" ]; then
    _say_what_to_install >&2
    return 1
  fi
  if [ "$1" = tests ]; then _wish_headless_shell; fi
}

_say_what_to_install() { # of $missing
  echo "Inkread needs programs or libraries that are not installed: $(printf '%s\n' "$missing" | _names 1)"
  echo
  echo "  Debian, Ubuntu:  sudo apt-get install $(printf '%s\n' "$missing" | _names 2)"
  echo "  Fedora:          sudo dnf install $(printf '%s\n' "$missing" | _names 3)"
  echo "  Arch:            sudo pacman -S $(printf '%s\n' "$missing" | _names 4)"
  echo "  macOS:           brew install $(printf '%s\n' "$missing" | _names 5)"
  echo
  echo "Then run this command again."
}
