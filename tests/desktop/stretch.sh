#!/bin/sh
# stretch.sh UNKNOT MODEL UPRIGHT, translations in $UNKNOT_LOCALE_DIR: a person who is upright,
# bends to their left, and then to their right (the picture turned, which turns the shoulders), in
# words.
set -u
unknot=$1
model=$2
upright=$3

# Another Python than Debian's may come first, and know nothing of its packages.
for python in python3 /usr/bin/python3 ""; do
	[ -z "$python" ] || ! "$python" -c 'import PIL' 2>/dev/null || break
done
[ -n "$python" ] || { echo "skipped: Python's PIL is not here (Debian: python3-pil)"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
fail() { echo "FAILED: $*"; cat "$work"/said*; exit 1; }

export HOME="$work" UNKNOT_MODEL="$model" LC_ALL=C.UTF-8
unset LANGUAGE XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY
mkdir "$work/bends"
"$python" - "$upright" "$work/bends" <<'END' || fail "pictures"
import sys
from PIL import Image
upright = Image.open(sys.argv[1]).convert("RGB")
for i in range(40):
    angle = 0 if i < 10 else -18 if i < 25 else 18  # PIL turns against the clock
    turned = upright.rotate(angle, Image.BICUBIC, fillcolor=(128, 128, 128))
    turned.save("%s/%03d.jpg" % (sys.argv[2], i), quality=92)
END

bend() { "$unknot" stretch side-bend --hold 2 --source "replay:$work/bends@4" "$@"; }
mkdir "$work/bin" "$work/tones"
cat > "$work/bin/pw-play" <<END
#!/bin/sh
cp "\$1" "$work/tones/\$\$.part" && mv "$work/tones/\$\$.part" "$work/tones/\$\$.wav"
END
chmod +x "$work/bin/pw-play"
PATH="$work/bin:$PATH" bend --no-window --sound > "$work/said" || fail "without a window"
printf '%s\n' "Bend to your left, the right arm overhead" Hold \
	"Bend to your right, the left arm overhead" Hold Done "100 % of it done" > "$work/wanted"
cmp -s "$work/said" "$work/wanted" || fail "it said something else"
# Each of the five sayings had its tone: two begins of one note, two holds of two, the end of three.
sleep 1
"$python" - "$work/tones" <<'END' || fail "the tones: $(ls -l "$work/tones")"
import os, sys, wave
lengths = []
for name in sorted(os.listdir(sys.argv[1])):
    with wave.open(os.path.join(sys.argv[1], name)) as tone:
        frames, rate = tone.readframes(tone.getnframes()), tone.getframerate()
        assert max(frames) > 0 and tone.getsampwidth() == 2
        lengths.append(round(len(frames) / 2 / rate / 0.12))
sys.exit(sorted(lengths) != [1, 1, 2, 2, 3])
END
"$unknot" stretch twist --hold 2 --no-window --source "replay:$work/bends@4" > "$work/said2" ||
	fail "twist"
grep -qx '0 % of it done' "$work/said2" || fail "a bend is no twist"

# In German where it was built, with letters that the picture's font has to be helped with.
language=C.UTF-8
if [ -e "${UNKNOT_LOCALE_DIR:-/nowhere}/de/LC_MESSAGES/unknot.mo" ] &&
	[ -d "${LOCPATH:-/nowhere}/de_DE.utf8" ]; then
	language=de_DE.UTF-8
	printf '%s\n' "Neigen Sie sich nach links, den rechten Arm über dem Kopf" Halten \
		"Neigen Sie sich nach rechts, den linken Arm über dem Kopf" Halten Fertig \
		"100 % davon geschafft" > "$work/wanted"
fi
LC_ALL=$language bend --picture "$work/last.png" > "$work/said3" 2> "$work/said4" ||
	fail "with a picture"
cmp -s "$work/said3" "$work/wanted" || fail "with a picture it said something else"
# The bar at the bottom has filled with its own green, from side to side.
"$python" - "$work/last.png" <<'END' || fail "the progress is not drawn"
import sys
from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB")
row = [picture.getpixel((x, picture.height - 22)) for x in range(20, picture.width - 20)]
sys.exit(any(abs(r - 98) + abs(g - 214) + abs(b - 148) > 30 for r, g, b in row))
END
