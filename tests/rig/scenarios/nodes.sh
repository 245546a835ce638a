# Nodes that are no cameras to us: an infrared one, metadata, the second of one camera. Each is told
# of, with why.
camera_on 0 --format grey --serial ir
camera_on 1 --streams 2 --serial 0002
watch
as_user unknot doctor >/tmp/doctor || true
cat /tmp/doctor
[ "$(nodes)" -ge 6 ] || fail "only $(nodes) nodes"
grep -q 'video0.*infrared' /tmp/doctor || fail "the infrared camera is not told of"
grep -q 'video1.*metadata' /tmp/doctor || fail "the metadata node is not told of"
grep -q 'second node of the same camera' /tmp/doctor || fail "a second node counts as a camera"
source_is /dev/video2 || fail "watching through $(field source)"
[ "$(count camera0 ' on$')" -eq 0 ] || fail "the infrared camera was on"
no_message
