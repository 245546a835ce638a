# Pictures that do not come for a while, and control requests that are refused: both pass.
camera_on
configure camera.mode continuous
configure watch.interval_max_s 3
watch
camera drop 15
while_s 6 is_not_away
await 15 presence_is present
configure camera.mode burst
userctl reload unknot.service
camera stall 6
while_s 10 is_not_away
await 20 presence_is present
camera stall 3
while_s 5 is_not_away
await 20 presence_is present
is_running || fail "the daemon is gone"
no_message
