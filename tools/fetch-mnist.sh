#!/usr/bin/env bash
# Brings MNIST's four files, checked, into a folder.
# usage: tools/fetch-mnist.sh [--from FOLDER] [TO]
#   TO              the folder to fill (data/mnist unless given)
#   --from FOLDER   copy from this folder, plain or .gz, instead of downloading
# INKREAD_MNIST_MIRRORS: addresses to try in place of the built-in ones, separated by spaces.
set -euo pipefail

mirrors=${INKREAD_MNIST_MIRRORS:-"https://storage.googleapis.com/cvdf-datasets/mnist
https://ossci-datasets.s3.amazonaws.com/mnist
https://raw.githubusercontent.com/fgnt/mnist/master
http://yann.lecun.com/exdb/mnist"}

# Of the uncompressed files.
checksums='ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte'

fail() {
  echo "fetch-mnist: $*" >&2
  exit 1
}

from=''
to=''
while [ $# -gt 0 ]; do
  case "$1" in
    --from) from=${2:?'--from needs a folder'}; shift 2 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) fail "unknown option $1" ;;
    *) to=$1; shift ;;
  esac
done
to=${to:-"$(dirname "$0")/../data/mnist"}
mkdir -p "$to" || fail "$to: cannot be made"
work=$(mktemp -d "$to/.fetch.XXXXXX") || fail "$to: cannot be written"
trap 'rm -rf "$work"' EXIT

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1; }

# Whether the .gz file $1 holds exactly the published file with checksum $2.
is_published() { [ -s "$1" ] && [ "$(gzip -dc "$1" 2>/dev/null | sha256)" = "$2" ]; }

# Puts file $1 as $work/$1.gz, from the folder or the first mirror that gives the published one.
bring() {
  local name=$1 sum=$2 target="$work/$1.gz" mirror
  if [ -n "$from" ]; then
    if [ -e "$from/$name.gz" ]; then
      cp "$from/$name.gz" "$target"
    elif [ -e "$from/$name" ]; then
      gzip -nc "$from/$name" >"$target"
    else
      fail "$from: neither $name nor $name.gz is there"
    fi
    is_published "$target" "$sum" || fail "$from/$name: it is not MNIST's published file (its SHA-256 differs)"
    return
  fi
  for mirror in $mirrors; do
    echo "$name.gz from $mirror"
    if curl -fsSL --retry 2 --connect-timeout 15 --max-time 300 -o "$target" "$mirror/$name.gz"; then
      is_published "$target" "$sum" && return
      echo "  what came is not the published file; trying the next mirror" >&2
    fi
  done
  fail "$name: no mirror gave the published file. Fetch MNIST by other means and run: tools/fetch-mnist.sh --from FOLDER"
}

while read -r sum name; do
  if is_published "$to/$name.gz" "$sum"; then
    echo "$name.gz is there already"
  else
    bring "$name" "$sum"
    mv "$work/$name.gz" "$to/$name.gz"
  fi
  # The tool prefers a plain file, so a damaged one must not stay in its way.
  if [ -e "$to/$name" ] && [ "$(sha256 <"$to/$name")" != "$sum" ]; then
    mv "$to/$name" "$to/$name.damaged"
    echo "$name was not the published file; it is now $name.damaged"
  fi
done <<<"$checksums"
echo "MNIST is complete in $to"
