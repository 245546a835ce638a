# Who holds the camera is named, and what to do.
camera_on
watch
background consumer $user /rig/bin/rig_consumer /dev/video0 --hold 20
await 10 presence_is in_call
as_user unknot doctor >/tmp/doctor || true
cat /tmp/doctor
grep -q 'rig_consumer' /tmp/doctor || fail "who holds the camera is not told"
grep -Eqi 'landlock' /tmp/doctor || fail "nothing of the sandbox"
