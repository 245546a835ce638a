# A damaged history is kept aside and a new one begun; that is said once.
camera_on
watch
sleep 5
userctl stop unknot.service
for damage in start middle; do
	file=$state/history.sqlite
	case $damage in
	start) dd if=/dev/urandom of=$file bs=512 count=2 conv=notrunc 2>/dev/null ;;
	middle) dd if=/dev/urandom of=$file bs=512 seek=8 count=16 conv=notrunc 2>/dev/null ;;
	esac
	asides=$(find $state -name 'history.sqlite*' ! -name '*-wal' ! -name '*-shm' | wc -l)
	said=$(journal_count 'kept as')
	userctl start unknot.service
	await 20 presence_is present
	await 60 [ "$(find $state -name 'history.sqlite*' ! -name '*-wal' ! -name '*-shm' |
		wc -l)" -gt 0 ]
	until_s 60 said_more "$said" || fail "$damage: not said"
	sleep 8
	[ "$(journal_count 'kept as')" -eq $((said + 1)) ] || fail "$damage: not said once"
	[ "$(find $state -name 'history.sqlite*' ! -name '*-wal' ! -name '*-shm' | wc -l)" -gt \
		"$asides" ] ||
		fail "$damage: not kept: $(ls $state)"
	userctl restart unknot.service
	await 20 presence_is present
	sleep 5
	[ "$(journal_count 'kept as')" -eq $((said + 1)) ] ||
		fail "$damage: said again after a restart"
	userctl stop unknot.service
done
ls -l $state
