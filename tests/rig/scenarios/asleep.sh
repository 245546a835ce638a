# Two hours of sleep are no sitting, and the camera is off by then.
camera_on
watch
sleep 10
before=$(field sitting_s)
machine sleep
await 10 presence_is paused
! streams || fail "asleep, and the camera is on"
date -s "+2 hours" >/dev/null
sleep 2
machine wake
await 20 presence_is present
after=$(field sitting_s)
echo "sitting $before s before, $after s after"
[ "$after" -le $((before + 60)) ] || fail "slept in the chair"
as_user unknot report --format json >/tmp/report.json
number /tmp/report.json 'd["presence_s"]["present"]' 5 120
no_message
