# Midnight: the day that ends gets its report, mode 0600; the new one begins at nothing.
camera_on
configure watch.interval_max_s 3
userctl set-environment TZ=UTC
# A slow guest takes more than half a minute to begin to watch.
date -u -s "2027-02-01 23:58:30" >/dev/null
watch
reports=/var/lib/rig/.local/share/unknot/reports
await 90 test -s $reports/2027-02-01.json
sleep 12
[ "$(stat -c %a $reports/2027-02-01.json)" = 600 ] || fail "others may read the report"
number $reports/2027-02-01.json 'd["presence_s"]["present"]' 5 91
adds_up $reports/2027-02-01.json
TZ=UTC as_user unknot report --day 2027-02-02 --format json >/tmp/report.json
number /tmp/report.json 'd["presence_s"]["present"]' 5 90
adds_up /tmp/report.json
no_message
