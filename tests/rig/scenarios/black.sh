# The lens is covered: blocked, and neither away nor a break.
camera_on
configure watch.interval_max_s 3
watch
camera film $BLACK
await 40 presence_is blocked
while_s 30 presence_is blocked
camera film $UPRIGHT
await 20 presence_is present
as_user unknot report --format json >/tmp/report.json
number /tmp/report.json 'd["presence_s"]["blocked"]' 25 120
number /tmp/report.json 'd["presence_s"]["away"]' 0 0
no_message
