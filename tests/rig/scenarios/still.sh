# The same picture again and again, as a stuck driver gives it: blocked, though there is a person in
# it.
camera_on
configure watch.interval_max_s 3
watch
camera film $STILL
await 40 presence_is blocked
while_s 10 presence_is blocked
[ "$(journal_count 'the same picture again and again')" -eq 1 ] || fail "not said once"
camera film $UPRIGHT
await 20 presence_is present
no_message
