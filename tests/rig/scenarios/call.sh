# Another program streams: that is a call. The sitting goes on being counted, nothing is said,
# nothing is an error; when it ends the daemon looks again.
camera_on
watch
before=$(field sitting_s)
background consumer $user /rig/bin/rig_consumer /dev/video0 --hold 40
await 10 presence_is in_call
sleep 30
presence_is in_call || fail "not in a call"
during=$(field sitting_s)
[ $((during - before)) -ge 25 ] || fail "sat for $during s after $before s"
field problem | grep . && fail "a call is no problem"
await 30 told consumer " 0 failed"
await 15 presence_is present
journal | grep -Ei 'busy|error|fail' && fail "a call is no error"
no_message
