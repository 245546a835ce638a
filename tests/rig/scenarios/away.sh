# Locked, asleep, lid closed, paused: the camera is off within a second, and stays off until that
# ends.
camera_on
configure camera.mode continuous
watch

# off_for NAME BEGIN... -- END...: what begins it, and what ends it.
off_for() {
	what=$1
	shift
	await 20 streams
	before=$(count camera0 ' off$') asked=$(now)
	"$1" "$2"
	await 5 ended_after "$before"
	took=$(minus "$(last camera0 ' off$')" "$asked")
	echo "$what: off after $took s"
	is_most "$took" 1 || fail "$what: too late"
	await 5 presence_is paused
	sleep 4
	! streams || fail "$what: it looks all the same"
	"$3" "$4"
	await 10 streams
	await 10 presence_is present
}
off_for "screen locked" desk lock desk unlock
off_for "session locked" machine lock machine unlock
off_for "asleep" machine sleep machine wake
off_for "lid closed" machine close machine open
off_for "paused" desk pause desk resume
no_message
