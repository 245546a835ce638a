# The camera refuses to start: said once, tried again, and it sees when the refusals end.
camera_on
configure watch.interval_max_s 3
log_in
camera refuse 1
await 20 presence_is present
camera refuse 1000
await 40 presence_is unknown
while_s 10 is_not_away
[ "$(journal_count 'does not start|format')" -eq 1 ] || fail "not said once"
camera refuse 0
await 20 presence_is present
is_running || fail "the daemon is gone"
no_message
