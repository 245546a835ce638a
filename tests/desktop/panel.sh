#!/bin/sh
# panel.sh UNKNOT ICON [UNKNOTD TRACE [WINDOW]]: the status icon in a panel that people use, Xfce's,
# on a display of its own. What is seen is looked at: the icon's own colour in the panel, and
# nothing of it once `unknot tray` has ended; its menu is clicked, and opens the window.
set -u
unknot=$1
icon=$2
unknotd=${3-}
trace=${4-}
window=${5-}
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

start_display 1024x768
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

start_tray() {
	"$unknot" tray > "$work/tray.log" 2>&1 &
	tray=$!
	ends $tray
	wait_for 60 "the panel does not show the icon: $(seen) pixels of #$ground" shows
	place=$(place | cut -d ' ' -f 2-)
}
click_icon() { # BUTTON
	# shellcheck disable=SC2086 # two numbers
	xdotool mousemove $place click "$1"
}
end_tray() {
	kill "$tray"
	wait_for 60 "the icon stays when unknot tray has ended" shows_none
}
start_tray
echo "seen in the panel: $(seen) pixels of #$ground"
gdbus call --session -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher \
	-m org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher \
	RegisteredStatusNotifierItems |
	grep -q StatusNotifierItem || fail "the panel does not know the item"

# ---- a click that does something ----

# The menu opens below the icon; its entry is found by what it does: the daemon is asked to snooze.
if command -v xdotool >/dev/null && [ -n "$unknotd" ]; then
	start_daemon "trace:$trace" --speed 1
	snoozed() { "$unknot" status --format json | grep -qE '"snoozed_s":[[:space:]]*[1-9]'; }
	snoozed && fail "snoozed before anybody clicked"
	sleep 1
	click_icon 1
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
end_tray

# ---- the window, from the menu and by a click on the icon ----

command -v xdotool > /dev/null && [ -n "$window" ] || exit 0
. "$here/page.sh"
export GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1
mkdir -p "$XDG_RUNTIME_DIR/dbus-1/services"
printf '[D-BUS Service]\nName=io.github.unknot\nExec="%s" --gapplication-service\n' "$window" \
	> "$XDG_RUNTIME_DIR/dbus-1/services/io.github.unknot.service"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig > /dev/null
opened() { xdotool search --onlyvisible --class io.github.unknot; }
closed() { ! opened; }
start_tray
sleep 1
# The break, two times snooze and the camera come first; nobody's upright is known, which is where
# the window opens then.
click_icon 3
sleep 2
xdotool key Down key Down key Down key Down key Down key Return
wait_for 60 "the menu does not open the window" opened
at_page 'Your upright'
[ -z "${UNKNOT_PANEL_PICTURE-}" ] || cp "$work/screen/Xvfb_screen0" "$UNKNOT_PANEL_PICTURE-window"
gdbus call --session -d io.github.unknot -o /io/github/unknot \
	-m org.freedesktop.Application.ActivateAction quit '[]' '{}' > /dev/null
wait_for 20 "the window stays" closed
click_icon 1
wait_for 60 "a click on the icon does not open the window" opened
at_page 'Your upright'
echo "the window opened from the panel's menu and by a click"
