# A camera chosen by its stable name is found whatever its number, and no other is taken in its
# place.
camera_on 0 --serial 0001
camera_on 1 --serial 0002
link=$(find /dev/v4l/by-id -name '*0002-video-index0')
[ -n "$link" ] || fail "no stable name: $(ls /dev/v4l/by-id)"
configure camera.device "${link##*/}"
configure watch.interval_max_s 3
watch
camera unplug
other_camera unplug
await 10 test ! -e /dev/video2
sleep 1
other_camera plug
await 10 test -e /dev/video0
camera plug
await 10 test -e /dev/video2
before=$(count camera1 ' on$') others=$(count camera0 ' on$')
looked_again() { [ "$(count camera1 ' on$')" -gt "$before" ]; }
await 30 looked_again
await 30 presence_is present
[ "$(count camera0 ' on$')" -eq "$others" ] || fail "it looked through the other one"
no_message
