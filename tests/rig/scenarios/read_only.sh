# The state folder cannot be written: watching goes on, the log and `unknot doctor` say why there is
# no history.
camera_on
on_small_disk 4
mount -o remount,ro $state
watch
journal_has 'history' || fail "nothing is said"
as_user unknot doctor >/tmp/doctor || true
grep -Ei 'read-only|cannot be written' /tmp/doctor ||
	fail "doctor does not name it: $(cat /tmp/doctor)"
sleep 5
presence_is present || fail "it does not look any more"
is_running || fail "the daemon is gone"
no_message
