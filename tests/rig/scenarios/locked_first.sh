# The screen is locked and the lid closed before the daemon starts: it does not look.
camera_on
log_in
userctl stop unknot.service
before=$(count camera0 ' on$')
machine lock
machine close
await 5 told machine close
userctl start unknot.service
await 10 presence_is paused
machine open
await 5 told machine open
sleep 3
[ "$(count camera0 ' on$')" -eq "$before" ] || fail "it looked"
machine unlock
await 15 presence_is present

# And a screen saver that was on before.
userctl stop unknot.service
desk lock
await 5 told desk lock
before=$(count camera0 ' on$')
userctl start unknot.service
await 10 presence_is paused
sleep 3
[ "$(count camera0 ' on$')" -eq "$before" ] || fail "it looked under the screen saver"
desk unlock
await 15 presence_is present
