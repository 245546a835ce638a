# The shipped unit starts with the session, sees, and ends with it.
camera_on
watch
pid=$(daemon_pid)
grep -q '^NoNewPrivs:[[:space:]]*1' "/proc/$pid/status" || fail "new privileges are possible"
grep -q '^Seccomp:[[:space:]]*2' "/proc/$pid/status" || fail "no filter of system calls"
userctl show -p RestrictAddressFamilies --value unknot.service | grep -qx AF_UNIX ||
	fail "other sockets are possible"
[ "$(userctl show -p MemoryDenyWriteExecute --value unknot.service)" = yes ] ||
	fail "code can be written"
[ "$(stat -c %a $state)" = 700 ] || fail "$state is open to others"
journal | grep -i landlock && fail "no Landlock"
userctl stop rig-session.target
await 10 [ ! -d "/proc/$pid" ]
[ "$(userctl show -p Result --value unknot.service)" = success ] || fail "it did not end well"
! streams || fail "the camera is still on"
no_message
