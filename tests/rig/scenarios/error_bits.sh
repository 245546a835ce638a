# Pictures that the camera marks as damaged: nobody is away for that, nothing is said to the person,
# and the first good picture counts again.
camera_on
configure watch.interval_max_s 3
watch
camera error 100000
while_s 30 is_not_away
[ "$(journal_count 'trying again')" -le 2 ] || fail "said again and again"
camera error 0
await 20 presence_is present
is_running || fail "the daemon is gone"
no_message
