# What it is all for: a person who sinks is told so within two minutes, with a number and what to
# do; one who sits up again hears no more.
camera_on
configure breaks.return_grace_min 0
watch
camera film $SLOUCHED
await 150 told desk 'message:'
grep 'message:' $run/desk.log
grep -Eq 'message: Sit back.* [0-9]+ cm ' $run/desk.log || fail "no number, or nothing to do"
camera film $UPRIGHT
await 60 posture_is upright
sleep 20
[ "$(count desk message:)" -eq 1 ] || fail "and goes on about it"
