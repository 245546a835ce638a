#!/bin/sh
# panel.sh UNKNOT ICON [UNKNOTD TRACE]: the status icon in a panel that people use, Xfce's, on a
# display of its own. What is seen is looked at: the icon's own colour in the panel, and nothing of
# it once `unknot tray` has ended; and its menu is clicked.
set -u
unknot=$1
icon=$2
unknotd=${3-}
trace=${4-}
here=$(dirname "$0")
. "$here/session.sh"
need "xfce4-panel xfce4-panel" "xfconf-query xfconf" "Xvfb xvfb" "dbus-daemon dbus" \
	"gdbus libglib2.0-bin"
ls /usr/lib/*/gdk-pixbuf-2.0/*/loaders/*svg.so >/dev/null 2>&1 ||
	skip "panels cannot show this icon's format here (Debian: librsvg2-common)"
for python in python3 /usr/bin/python3 ""; do
	[ -z "$python" ] || ! "$python" -c 'import struct' 2>/dev/null || break
done
[ -n "$python" ] || skip "Python is not here"

# ---- a desktop with nothing but a panel ----

export NO_AT_BRIDGE=1 XDG_CURRENT_DESKTOP=XFCE
export XDG_DATA_DIRS="$work/share:/usr/local/share:/usr/share"
channels="$HOME/.config/xfce4/xfconf/xfce-perchannel-xml"
mkdir -p "$channels" "$work/share/icons/hicolor/scalable/apps"
cp "$(dirname "$icon")"/*.svg "$work/share/icons/hicolor/scalable/apps/"
cat > "$channels/xfce4-panel.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
END

start_display 640x240
start_bus
xfce4-panel --disable-wm-check > "$work/panel.log" 2>&1 &
ends $!
gdbus wait --session --timeout 60 org.kde.StatusNotifierWatcher ||
	fail "the panel has no host for status icons"

# ---- what is seen ----

ground=$(sed -n 's/.*fill="#\([0-9a-f]\{6\}\)".*/\1/p' "$icon" | head -n 1)
[ -n "$ground" ] || fail "the icon has no ground"
# Pixels of it in the panel, and a place among them.
place() { "$python" "$here/seen.py" "$work/screen/Xvfb_screen0" "$ground" 0 40; }
seen() { place | cut -d ' ' -f 1; }
shows() { [ "$(seen)" -gt 60 ]; }
shows_none() { [ "$(seen)" -lt 20 ]; }
shows_none || fail "the panel has $(seen) pixels of the icon's colour before there is one"

"$unknot" tray > "$work/tray.log" 2>&1 &
tray=$!
ends $tray
wait_for 60 "the panel does not show the icon: $(seen) pixels of #$ground" shows
echo "seen in the panel: $(seen) pixels of #$ground"
gdbus call --session -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher \
	-m org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher \
	RegisteredStatusNotifierItems |
	grep -q StatusNotifierItem || fail "the panel does not know the item"

# ---- a click that does something ----

# The menu opens below the icon; its entry is found by what it does: the daemon is asked to snooze.
if command -v xdotool >/dev/null && [ -n "$unknotd" ]; then
	place=$(place | cut -d ' ' -f 2-)
	start_daemon "trace:$trace" --speed 1
	snoozed() { "$unknot" status --format json | grep -qE '"snoozed_s":[[:space:]]*[1-9]'; }
	snoozed && fail "snoozed before anybody clicked"
	sleep 1
	# shellcheck disable=SC2086
	xdotool mousemove $place click 1
	sleep 2
	[ -z "${UNKNOT_PANEL_PICTURE-}" ] || cp "$work/screen/Xvfb_screen0" "$UNKNOT_PANEL_PICTURE"
	# State, line, break, then Snooze 30 min: the first that can be chosen is the break.
	xdotool key Down key Down key Return
	wait_for 20 "the menu's entry does nothing" snoozed
	echo "clicked in the panel's menu: snoozed"
	# With a daemon that watches, the icon is another.
	ground=$(sed -n 's/.*fill="#\([0-9a-f]\{6\}\)".*/\1/p' "${icon%.off.svg}.svg" | head -n 1)
	wait_for 20 "the icon does not follow the state" shows
else
	echo "xdotool is not here (Debian: xdotool): nothing was clicked"
fi
kill "$tray"
wait_for 60 "the icon stays when unknot tray has ended" shows_none
