#!/bin/sh
# Real people before a camera that stood still, good against bad by their authors' labels: balanced
# accuracy with one upright picture, whatever field of view is told. Photographs stay outside the
# project: skipped without them.
# usage: real.sh UNKNOT_VISION SHARED
vision=$1
data=$2/data
bad=0
[ -d "$data/posture_laptop/woman/good" ] || { echo "SKIPPED: no $data/posture_laptop"; exit 77; }

faults() { # pictures of a trunk at fault, and all, in a folder
	"$vision" analyze --format text --hfov "$hfov" --baseline "$baseline" "$1" |
		awk '{ all++ } / (slouched|forward_head|too_close|looking_down) \(/ { n++ }
			END { print n + 0, all + 0 }'
}

judge() { # NAME GOOD BAD
	for hfov in 43 65 78; do
		for baseline in $(find "$2" -name '*.jpg' | sort | awk 'NR % 5 == 1'); do
			echo "$(faults "$2") $(faults "$3")"
		done | awk -v name="$1" -v hfov="$hfov" '
			{ good += ($2 - $1) / $2; bad += $3 / $4; n++ }
			END { both = (good + bad) / (2 * n)
			      printf "%s, %d deg: balanced accuracy %.3f over %d baselines\n",
				      name, hfov, both, n
			      exit !(n > 0 && both >= 0.95) }' || bad=1
	done
}

judge woman "$data/posture_laptop/woman/good" "$data/posture_laptop/woman/bad"
chair=$data/slouch_webcam/low-isSlouching__high-notSlouching
judge chair "$chair/notSlouching" "$chair/isSlouching"
exit $bad
