# Another program opens the node while the daemon streams: the stream ends within 200 ms, twenty
# times.
camera_on
configure camera.mode continuous
watch
worst=0
for i in $(seq 20); do
	await 30 streams
	before=$(count camera0 ' off$')
	asked=$(now)
	exec 3<>/dev/video0
	await 5 ended_after "$before"
	took=$(minus "$(last camera0 ' off$')" "$asked")
	is_most "$worst" "$took" && worst=$took
	exec 3>&-
done
echo "at worst $worst s"
is_most "$worst" 0.2 || fail "too late"
no_message
