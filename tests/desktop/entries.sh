#!/bin/sh
# entries.sh FOLDER UNKNOTD: the files in FOLDER that make a session start the daemon, checked by
# those who will read them.
set -eu
folder=$1
unknotd=$2
checked=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if command -v desktop-file-validate >/dev/null; then
	desktop-file-validate "$folder/io.github.unknot.Daemon.desktop"
	desktop-file-validate "$folder/io.github.unknot.desktop"
	desktop-file-validate "$folder/report/io.github.unknot.desktop"
	desktop-file-validate "$folder/io.github.unknot.Tray.desktop"
	checked=$((checked + 1))
fi

if command -v appstreamcli >/dev/null; then
	# Nobody may be asked over the network.
	appstreamcli validate --no-net "$folder/io.github.unknot.metainfo.xml" \
		> "$work/appstream" || {
		cat "$work/appstream"
		exit 1
	}
	checked=$((checked + 1))
fi

# verify wants to see the program, which is not installed yet. It reports a line that it does not
# understand, but only some of them in its exit status.
if command -v systemd-analyze >/dev/null; then
	sed "s|^ExecStart=.*/unknotd|ExecStart=\"$unknotd\"|" "$folder/unknot.service" \
		> "$work/unknot.service"
	# The bus's own unit is in another package.
	[ -e /usr/lib/systemd/user/dbus.socket ] ||
		printf '[Socket]\nListenStream=%%t/bus\n' > "$work/dbus.socket"
	export XDG_RUNTIME_DIR="$work"
	said=$(systemd-analyze verify --user --man=no "$work/unknot.service" 2>&1) || {
		echo "$said"
		exit 1
	}
	if printf '%s\n' "$said" | grep -F "$work/unknot.service"; then
		exit 1
	fi
	checked=$((checked + 1))
	# 10 is every door open; 6.1 when this was written, most of what is left needs a user
	# namespace.
	systemd-analyze security --user --offline=yes --no-pager --threshold=65 \
		"$work/unknot.service" > "$work/security" || { tail -n 2 "$work/security"; exit 1; }
	grep 'Overall exposure' "$work/security"
fi

# What notifications name as theirs is among the applications, so that a desktop can list and mute
# it.
grep -qx 'X-GNOME-UsesNotifications=true' "$folder/io.github.unknot.desktop"

# One name for one thing, in three files.
grep -qx 'BusName=io.github.unknot.Daemon' "$folder/unknot.service"
grep -qx 'Name=io.github.unknot.Daemon' "$folder/io.github.unknot.Daemon.service"
grep -qx 'SystemdService=unknot.service' "$folder/io.github.unknot.Daemon.service"

# The window, where one is built: the bus starts it under the entry's name.
if [ -f "$folder/io.github.unknot.service" ]; then
	grep -qx 'Name=io.github.unknot' "$folder/io.github.unknot.service"
	grep -qx 'Exec=.*/unknot-window --gapplication-service' "$folder/io.github.unknot.service"
	grep -qx 'DBusActivatable=true' "$folder/io.github.unknot.desktop"
	grep -qx 'Exec=.*/unknot-window' "$folder/io.github.unknot.desktop"
else
	diff "$folder/io.github.unknot.desktop" "$folder/report/io.github.unknot.desktop"
fi
# Who has not got the window's package has this one, of the same name.
grep -qx 'DBusActivatable=false' "$folder/report/io.github.unknot.desktop"
grep -qx 'Exec=.*/unknot report --format html --open' "$folder/report/io.github.unknot.desktop"

[ "$checked" -gt 0 ] || {
	echo "skipped: neither systemd-analyze nor desktop-file-validate is here"
	exit 77
}
