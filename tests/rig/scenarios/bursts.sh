# The camera is on for a tenth of the time at most: at the start, which looks most often, and
# afterwards.
camera_on
from=$(now)
watch
sleep 60
first=$(now)
sleep 60
last=$(now)
starting=$(share "$from" "$first") settled=$(share "$first" "$last")
echo "streaming $starting of the first minute, $settled of the second; $(count camera0 \
	' on$') bursts"
is_most "$starting" 0.15 || fail "too long in the first minute"
is_most "$(share "$from" "$last")" 0.1 || fail "too long"
[ "$(count camera0 ' on$')" -ge 4 ] || fail "it does not look"
