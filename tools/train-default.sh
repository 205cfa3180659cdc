#!/usr/bin/env bash
# Trains a default network, OUT-FOLDER/digits.onnx. It learns from the three larger networks in weights/teachers; with --teachers these are trained
# anew first. What is finished is not trained again, what was interrupted goes on. The same sources give the same files, byte for byte, on any
# processor and number of threads; the teachers in weights are of older sources, which showed digits cut out of lines.
#
#   tools/train-default.sh MNIST-FOLDER OUT-FOLDER [--seed N] [--teachers]
set -euo pipefail

usage() {
  echo "usage: tools/train-default.sh MNIST-FOLDER OUT-FOLDER [--seed N] [--teachers]" >&2
  exit 2
}
[ $# -ge 2 ] || usage
root=$(cd "$(dirname "$0")/.." && pwd)
mnist=$1
out=$2
shift 2
seed=2  # the shipped file's: of 1, 2 and 3 validation chose it
teachers=$root/weights/teachers
while [ $# -gt 0 ]; do
  case "$1" in
    --seed) [ $# -ge 2 ] || usage; seed=$2; shift 2 ;;
    --teachers) teachers=$out; shift ;;
    *) usage ;;
  esac
done
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

if [ "$teachers" = "$out" ]; then
  larger=(--epochs 40 --touching 0.15 --weights int8)
  train narrow "${larger[@]}" --seed 11 --network 32,32,pool,64,64,pool,128p,128p,drop30
  train wide "${larger[@]}" --seed 12 --network 40x5,pool,80,80,pool,160p,160p,drop30
  train deep "${larger[@]}" --seed 13 --network 24p,24,24,pool,64,64,64p,pool,128p,128p,drop30
fi
train digits --network default --epochs 180 --seed "$seed" --negatives 0.25 --touching 0.3 --weights int8 --weight-steps 15 \
  --teacher "$teachers/narrow.onnx" "$teachers/wide.onnx" "$teachers/deep.onnx"
