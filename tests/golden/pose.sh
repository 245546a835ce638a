#!/bin/sh
# pose.sh TEST BUILD SHARED: makes the pictures of the `pose_photograph` test if they are not there,
# and runs it. Skips with a message where they cannot be made.
skip() { echo "skipped: $*"; exit 77; }
[ -f "$3/oracle/make_images.py" ] || skip "no $3/oracle"
"$(dirname "$0")/make_oracle_images.sh" "$2" "$3" >/dev/null 2>&1 ||
	skip "the pictures cannot be made here (needs a network for apt, and python3-pil)"
exec "$1" photograph
