# No camera at log-in: the daemon waits, says what is missing, and sees as soon as there is one.
configure watch.interval_max_s 3
log_in
await 10 presence_is unknown
sleep 8
is_running || fail "it ended for want of a camera"
journal_has 'camera: none found; plug one in' || fail "it does not say what is missing"
[ "$(journal_count 'none found')" -eq 1 ] || fail "said again and again"
camera_on
await 15 presence_is present
no_message
