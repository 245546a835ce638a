# An exposure that swings between too dark and too bright: the person stays where they are.
camera_on
configure watch.interval_max_s 3
watch
camera film $RAMP
while_s 60 is_not_away
camera film $UPRIGHT
await 20 presence_is present
no_message
