# The clocks change, forward and back: the hour is neither sat through nor lost.
camera_on
configure watch.interval_max_s 3
zone=CET-1CEST,M3.5.0,M10.5.0/3
userctl set-environment TZ=$zone
for change in "2027-03-28 00:59:15" "2027-10-31 00:59:15"; do
	day=${change%% *}
	date -u -s "$change" >/dev/null
	watch
	sleep 50
	TZ=$zone as_user unknot report --day "$day" --format json >/tmp/report.json
	number /tmp/report.json 'd["presence_s"]["present"]' 25 100
	adds_up /tmp/report.json
	userctl stop rig-session.target
	end desk
	end machine
done
no_message
