# An empty chair is away, the person who comes back is present.
camera_on
configure watch.interval_max_s 3
watch
camera film $EMPTY
await 60 presence_is away
camera film $UPRIGHT
await 30 presence_is present
no_message
