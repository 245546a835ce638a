#!/bin/sh
# fetch.sh OUTDIR [FROMDIR]: puts the five networks as .tflite files into OUTDIR, checked against
# SHA256SUMS beside this script. They come from the npm packages named below, or from FROMDIR
# (offline builds). Does nothing when they are there already.
set -eu

pose=@mediapipe/pose@0.5.1675469404
face=@mediapipe/face_mesh@0.4.1657299874

here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: fetch.sh OUTDIR [FROMDIR]}
from=${2:-}

fail() { echo "models: $*" >&2; exit 1; }
checked() { (cd "$1" && sha256sum --check --status "$here/SHA256SUMS") 2>/dev/null; }

mkdir -p "$out"
if checked "$out"; then exit 0; fi

if [ -n "$from" ]; then
	checked "$from" || fail "$from does not hold the files of models/SHA256SUMS"
	while read -r _ file; do cp "$from/$file" "$out/$file"; done < "$here/SHA256SUMS"
	exit 0
fi

command -v npm >/dev/null || fail "npm is needed to install $pose; or give -DUNKNOT_MODEL_DIR="
work=$(mktemp -d "$out/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
for package in "$pose" "$face"; do
	echo "models: installing $package"
	(cd "$work" && npm pack --silent "$package" >/dev/null) ||
		fail "npm cannot install $package; is there a network?"
done
mkdir "$work/pose" "$work/face"
tar -xzf "$work"/mediapipe-pose-*.tgz -C "$work/pose"
tar -xzf "$work"/mediapipe-face_mesh-*.tgz -C "$work/face"

cp "$work/pose/package/pose_landmark_lite.tflite" "$work/pose/package/pose_landmark_full.tflite" \
	"$out"
cp "$work/pose/package/pose_solution_packed_assets.data" "$out/pose_detection.tflite"
# Face Mesh's asset file is several files end to end; the offsets belong to this version.
slice() { tail -c "+$(($1 + 1))" "$work/face/package/face_mesh_solution_packed_assets.data" |
	head -c "$2"; }
slice 2495952 1241896 > "$out/face_landmark.tflite"
slice 3757224 229032 > "$out/face_detection_short_range.tflite"
chmod 644 "$out"/*.tflite
checked "$out" || fail "the installed networks do not match models/SHA256SUMS"
