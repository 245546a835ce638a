# A program that was there first, and that the daemon cannot see: only EBUSY tells of it.
camera_on
background consumer /rig/bin/rig_consumer /dev/video0 --hold 600
await 5 streams
log_in
await 15 presence_is in_call
end consumer
await 15 presence_is present
journal | grep -Ei 'busy|error|fail' && fail "a call is no error"
no_message
