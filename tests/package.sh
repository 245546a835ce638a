#!/bin/sh
# package.sh [OLD.deb]: what the packages in build-package/ do to a bare Debian that may be broken:
# installs, upgrades from OLD (0.1.0 was one package), runs, removes and purges them, and looks at
# what is left. As root, in a root that nobody needs:
#
#   tests/distributions.sh --keep bookworm sh -c './dev package && tests/package.sh'
set -eu
cd "$(dirname "$0")/../build-package"
old=${1-}
entry=/usr/share/applications/io.github.unknot.desktop
both=$(echo ./unknot_*.deb ./unknot-window_*.deb)
fail() { echo "FAILED: $*" >&2; exit 1; }
apt() {
	if ! DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends "$@" \
		>/tmp/apt.log 2>&1; then
		tail -n 20 /tmp/apt.log
		fail "apt-get $*"
	fi
}
opens() { grep -q "^Exec=.*$1" "$entry" || fail "the menu's entry: $(grep ^Exec= "$entry")"; }
left() {
	find / -xdev \( -path /proc -o -path /sys -o -path /srv -o -path /tmp -o -path /root \
		-o -path /var/cache -o -path "$PWD" \) -prune -o -iname '*unknot*' -print
	dpkg-divert --list | grep unknot || true
}
[ -z "$(left)" ] || fail "it is here already: $(left)"

if [ -n "$old" ]; then
	apt install "$old"
	# shellcheck disable=SC2086 # two files
	apt install $both
	opens unknot-window
	apt purge unknot unknot-window
	[ -z "$(left)" ] || fail "left after an upgrade and a purge: $(left)"
	apt autoremove --purge
fi

apt install ./unknot_*.deb
# To a machine with nothing at all: what made the packages here has brought the toolkit for one.
apt-get -s -o Dir::State::status=/dev/null --no-install-recommends install ./unknot_*.deb \
	>/tmp/brought || fail "what it brings along is not known"
grep -E '^Inst lib(gtk|qt)' /tmp/brought && fail "the daemon brings a toolkit along"
opens 'unknot report'
unknotd --version
printf '{"t":0,"presence":"present","repeat_until":60,"every":5}\n' >/tmp/trace.jsonl
unknotd --once --source trace:/tmp/trace.jsonl || fail "unknotd"
unknot report >/dev/null || fail "unknot report"
apt install ./unknot-window_*.deb
opens unknot-window
unknot-window --version
apt install --reinstall ./unknot-window_*.deb
dpkg -V unknot unknot-window
apt remove unknot-window
opens 'unknot report'
apt remove unknot
[ "$(find /usr /lib -xdev -iname '*unknot*' | wc -l)" = 0 ] || fail "left: $(left)"
apt purge unknot unknot-window
[ -z "$(left)" ] || fail "left: $(left)"
echo "installed, run, removed: nothing is left"
