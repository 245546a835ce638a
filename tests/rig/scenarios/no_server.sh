# No notification server at first, one later, one that starts anew: the daemon goes on, and what is
# said reaches the person as soon as somebody can show it.
camera_on
watch
end desk
await 10 no_notifications
as_user unknot break micro
sleep 3
is_running || fail "the daemon is gone"
presence_is present || fail "it does not look any more"
start_desk
as_user unknot break movement
await 15 told desk 'message:'
end desk
await 10 no_notifications
start_desk
as_user unknot break micro
await 15 told desk 'message:'
is_running || fail "the daemon is gone"
