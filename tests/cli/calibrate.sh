#!/bin/sh
# calibrate.sh BUILD SOURCE: calibration from recordings, as a person does it, and what it says when
# something is wrong.
set -u
build=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" \
	XDG_DATA_HOME="$work/data"
export UNKNOT_MODEL="$build/unknot.model"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY
people=$source/tests/data/people
clip=$source/tests/data/clip
unknot=$build/unknot
bad=0

# expect STATUS PATTERN COMMAND...: exit status, and an extended regular expression in what it says.
expect() {
	status=$1 pattern=$2
	shift 2
	said=$("$@" 2>&1)
	got=$?
	if [ "$got" != "$status" ] || ! printf '%s\n' "$said" | grep -Eq -- "$pattern"; then
		echo "FAILED: $*"
		echo "  status $got, wanted $status; wanted /$pattern/ in:"
		printf '%s\n' "$said" | head -5 | cut -c1-300
		bad=1
	fi
}

# A person who sits still, from a recording.
expect 0 'distance \+-0\.[0-9] cm, tilt \+-8\.0 deg: monitor advice off' \
	"$unknot" calibrate --distance-cm 62 --source "replay:$clip/upright.jpg@3,loop"
expect 0 'distance \+-([2-9]|1[01])\.[0-9] cm.*monitor advice off' \
	"$unknot" calibrate --source "replay:$clip/upright.jpg@3,loop"
expect 0 'With a ruler it gets better' "$unknot" calibrate \
	--source "replay:$clip/upright.jpg@3,loop"

# Inches; an arm is 61 cm, and of a lens of which nothing is known as much as it can tell.
expect 0 'eyes 61 cm.*' "$unknot" calibrate --distance 24in --from "$clip/upright.jpg"
expect 0 'distance \+-0\.[0-9] cm' "$unknot" calibrate --distance '62 cm' --from "$clip/upright.jpg"
expect 0 'eyes 6[1-6] cm.* 1[0-9] cm below' "$unknot" calibrate --distance arm --eye-height-cm -12 \
	--from "$clip/upright.jpg"
expect 0 'distance \+-([5-7]\.[0-9]) cm' "$unknot" calibrate --distance arm \
	--from "$clip/upright.jpg"
for wrong in 24ft 5in cm 62c -3 arms nan; do
	expect 2 'or arm when your fingertips' "$unknot" calibrate --distance "$wrong" \
		--from "$clip/upright.jpg"
done

# A ruler's two numbers: the tilt that was rendered is 9.8 deg, the eyes are 12 cm below.
expect 0 'tilt \+-[01]\.[0-9] deg: monitor advice on' "$unknot" calibrate --from --distance-cm 71 \
	--hfov 60 --eye-height-cm -12 --name standing "$people/syn_c_000.jpg"
tilt=$(tr -d ' \t\n' < "$work/state/unknot/profiles/standing.json" | grep -o '"tilt":\[[0-9.]*' |
	cut -d'[' -f2)
case $tilt in
8.[89]* | 9.* | 10.[0-7]*) ;;
*) echo "FAILED: tilt $tilt, wanted 9.8 +- 1"; bad=1 ;;
esac
expect 1 'measure straight up' "$unknot" calibrate --from --distance-cm 71 --hfov 60 \
	--eye-height-cm 90 "$people/syn_c_000.jpg"
expect 2 'give one' "$unknot" calibrate --from --tilt 3 --eye-height-cm 3 "$people/syn_c_000.jpg"
expect 2 'not auto' "$unknot" calibrate --name auto --from "$people/syn_c_000.jpg"

# A camera that hangs upside down or lies on its side: that is said, and the daemon's profile knows
# it.
for quarters in 1 2 3; do
	"$build/tests/unit/test_upright" --write $quarters "$work/hung$quarters.ppm" || bad=1
done
expect 0 'hangs upside down: its pictures are turned by 180 deg' "$unknot" calibrate \
	--from --distance-cm 62 "$work/hung2.ppm"
grep -q '"turn":[[:space:]]*2' "$work/state/unknot/profiles/desk.json" ||
	{ echo "FAILED: not remembered"; bad=1; }
expect 0 'lies on its side: its pictures are turned by 270 deg' "$unknot" calibrate \
	--from "$work/hung1.ppm"
expect 0 'eyes 62 cm' "$unknot" calibrate --from --distance-cm 62 "$work/hung3.ppm"
expect 0 'hangs otherwise' "$unknot" calibrate --from "$work/hung1.ppm" "$work/hung2.ppm"
expect 0 '^written' "$unknot" config set camera.rotate 0
expect 1 'not upright in the picture: .unknot config set camera.rotate 180' "$unknot" calibrate \
	--from "$work/hung2.ppm"
expect 0 '^written' "$unknot" config set camera.rotate 180
expect 0 'upside down' "$unknot" calibrate --from "$work/hung2.ppm"
expect 0 '^written' "$unknot" config set camera.rotate auto
expect 0 '"rotated":180,"presence":"present"' "$unknot" analyze "$work/hung2.ppm"

# What is wrong is said, and nothing is written.
rm -rf "$work/state"
expect 1 'head is turned by' "$unknot" calibrate --from "$people/syn_c_007.jpg"
expect 1 'eyes moved by' "$unknot" calibrate --from "$people/syn_c_000.jpg" "$people/syn_c_002.jpg"
expect 1 'too few' "$unknot" calibrate --source "replay:$clip/upright.jpg@3"
expect 1 'no such|cannot|No such' "$unknot" calibrate --source "replay:$work/nothing.mjpg"
mkdir "$work/dark"
for i in 1 2 3 4 5 6 7 8; do
	printf 'P6 64 48 255\n' > "$work/dark/$i.ppm"
	head -c 9216 /dev/zero >> "$work/dark/$i.ppm"
done
expect 1 'lens covered' "$unknot" calibrate --from "$work/dark/1.ppm"
[ ! -e "$work/state/unknot/profiles/desk.json" ] || { echo "FAILED: a profile was written"; bad=1; }

# Several profiles.
expect 0 'none; run' "$unknot" profile
for name in desk standing; do
	expect 0 'pictures' "$unknot" calibrate --name $name --distance-cm 62 \
		--source "replay:$clip/upright.jpg@3,loop"
done
expect 0 '^  standing .*upright.jpg$' "$unknot" profile list
expect 0 'auto: the one that fits' "$unknot" profile
expect 0 '^standing is in force now$' "$unknot" profile use standing
expect 0 '^\* standing' "$unknot" profile
expect 0 '^standing$' "$unknot" config get watch.profile
expect 1 'there is none' "$unknot" profile use sofa
expect 1 'without /' "$unknot" profile delete ../desk
expect 0 '^standing is deleted$' "$unknot" profile delete standing
expect 0 '^auto$' "$unknot" config get watch.profile
expect 1 'there is none' "$unknot" profile delete standing
expect 2 'list, use or delete' "$unknot" profile dance
expect 2 'one name' "$unknot" profile use

# The daemon with its own profile judges; with one from another place it does not, and asks once.
watch() {
	"$build/unknotd" --source "replay:$clip/slouch.mjpg@0.2" --speed 500 \
		--state-dir "$work/state/unknot" --data-dir "$work/data" --print "$@" 2>&1
}
"$unknot" calibrate --output "$work/own.json" --from "$clip/upright.jpg" >/dev/null
moved=$(printf '"eye_world_mm": [700, 900, 0],')
sed "s|\"eye_world_mm\":[^]]*],|$moved|" "$work/own.json" > "$work/moved.json"
cmp -s "$work/own.json" "$work/moved.json" && { echo "FAILED: the place was not changed"; bad=1; }
watch --profile "$work/own.json" > "$work/own.txt"
watch --profile "$work/moved.json" > "$work/moved.txt"
grep -q ' slouched ' "$work/own.txt" || { echo "FAILED: no slouch with the own profile"; bad=1; }
grep -q 'unknot calibrate' "$work/own.txt" && { echo "FAILED: asked for nothing"; bad=1; }
asked=$(grep -c 'half a minute' "$work/moved.txt")
[ "$asked" = 1 ] || { echo "FAILED: asked $asked times"; bad=1; tail -3 "$work/moved.txt"; }
judged=$(sed 1,6d "$work/moved.txt" | grep -Ec ' (slouched|forward_head|leaning|too_close) ')
[ "$judged" = 0 ] || { echo "FAILED: judged $judged times by a profile of another place"; bad=1; }

# The board, to print.
for paper in a4 letter; do
	expect 0 'print it' "$unknot" calibrate --print-board "$work/$paper.pdf" --paper $paper
	expect 0 'print it' "$unknot" calibrate --print-board "$work/$paper.svg" --paper $paper
	[ "$(grep -c '<rect' "$work/$paper.svg")" = 80 ] || { echo "FAILED: $paper.svg"; bad=1; }
	# The cross-reference's place is where the file's last lines say.
	at=$(tail -2 "$work/$paper.pdf" | head -1)
	[ "$(tail -c +$((at + 1)) "$work/$paper.pdf" | head -1)" = xref ] || {
		echo "FAILED: $paper.pdf"
		bad=1
	}
done
expect 1 'pdf or .svg' "$unknot" calibrate --print-board "$work/board.doc"

# The lens, from boards rendered under a camera whose field of view is 62.2 deg.
mkdir "$work/boards"
"$build/tests/unit/test_lens" --write "$work/boards" || {
	echo "FAILED: boards were not written"
	bad=1
}
expect 0 'field of view 62\.[0-4] deg' "$unknot" calibrate --camera --output "$work/lens.json" \
	--from "$work"/boards/*.ppm
expect 0 '"presence":"present"' "$unknot" analyze --camera "$work/lens.json" "$people/syn_c_000.jpg"
expect 1 'too few' "$unknot" calibrate --camera --output "$work/few.json" \
	--from "$work"/boards/board0[0-4].ppm
expect 1 'print-board' "$unknot" calibrate --camera --output "$work/few.json" \
	--from "$people/syn_c_000.jpg"
expect 1 'output FILE' "$unknot" calibrate --camera --from "$work"/boards/*.ppm
[ ! -e "$work/few.json" ] || { echo "FAILED: a camera was written"; bad=1; }
exit $bad
