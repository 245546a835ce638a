# The camera goes on, and no picture comes: no person is judged by that, and the node is not held
# meanwhile.
camera_on
configure watch.interval_max_s 3
watch
camera freeze
await 20 presence_is unknown
while_s 15 is_not_away
[ "$(journal_count 'no picture in')" -eq 1 ] ||
	fail "not said once: $(journal_count 'no picture in')"
camera thaw
await 20 presence_is present
is_running || fail "the daemon is gone"
no_message
