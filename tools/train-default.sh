#!/usr/bin/env bash
# Trains the default network, and first the teachers it learns from: on the same build the same files, byte for byte. What is
# finished is not trained again, what was interrupted goes on. (weights/digits.onnx itself had teachers of an older version, whose sums
# were in another order; their SHA-256 sums are in its card.)
#
#   tools/train-default.sh MNIST-FOLDER OUT-FOLDER
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "usage: tools/train-default.sh MNIST-FOLDER OUT-FOLDER" >&2
  exit 2
fi
mnist=$1
out=$2
root=$(cd "$(dirname "$0")/.." && pwd)
inkread=${INKREAD_CLI:-$root/build/native-release/inkread}
[ -x "$inkread" ] || { cmake -S "$root" --preset native-release && cmake --build "$root/build/native-release" --target inkread; }
mkdir -p "$out"

# What all of them have in common.
recipe=(--mnist "$mnist" --validation 5000 --augment standard --batch 128 --learning-rate 0.004 --weight-decay 0.02
  --schedule one-cycle --average-decay 0.999)

# train NAME OPTION...: trains OUT/NAME.onnx unless it is there with its card, which is written last.
train() {
  local file=$out/$1.onnx card=$out/$1.md options=$out/$1.options
  shift
  if [ -f "$options" ] && [ "$(cat "$options")" != "$*" ]; then
    echo "$file was begun with other options ($(cat "$options")): remove what is in $out first" >&2
    exit 1
  fi
  echo "$*" >"$options"
  if [ -f "$card" ]; then
    return
  elif [ -f "$file.run/run.json" ]; then
    "$inkread" train --resume "$file.run"
  else
    "$inkread" train --out "$file" "${recipe[@]}" "$@"
  fi
}

train teacher --network 32,32,pool,64,64,pool,128p,128p,drop30 --epochs 40 --seed 11 --touching 0.15
train wide --network 40x5,pool,80,80,pool,160p,160p,drop30 --epochs 40 --seed 12 --touching 0.15
train deep --network 24p,24,24,pool,64,64,64p,pool,128p,128p,drop30 --epochs 40 --seed 13 --touching 0.15
train digits --network default --epochs 100 --seed 1 --negatives 0.25 --touching 0.25 --weights int8 --weight-steps 15 \
  --teacher "$out/teacher.onnx" "$out/wide.onnx" "$out/deep.onnx"
