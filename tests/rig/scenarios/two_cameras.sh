# Two cameras: one of them watches; when it is unplugged the other does, and the daemon says which.
camera_on 0 --serial 0001
camera_on 1 --serial 0002
configure watch.interval_max_s 3
watch
source_is /dev/video0 || fail "watching through $(field source)"
camera unplug
await 30 source_is /dev/video2
await 20 presence_is present
[ "$(count camera1 ' on$')" -ge 1 ] || fail "the other one never streamed"
other_camera unplug
await 30 presence_is unknown
camera plug
await 30 presence_is present
is_running || fail "the daemon is gone"
no_message
