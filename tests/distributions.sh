#!/bin/sh
# distributions.sh [OPTIONS] RELEASE [COMMAND ...]: what somebody meets who has just installed
# Debian RELEASE (bookworm, trixie, sid) and nothing else: makes a bare root, copies this tree into
# a folder of it that has a space in its name, and runs COMMAND there (./dev test). It must be root,
# and takes what debootstrap, the packages and COMMAND take.
#
#   tests/distributions.sh trixie
#   tests/distributions.sh bookworm ./dev test --all --yes
#   tests/distributions.sh trixie timeout --preserve-status --signal INT 60 ./dev run
#
#   --mirror URL   of Debian; else what this machine's apt uses
#   --folder DIR   for roots and packages (/var/tmp/unknot-distributions); what is downloaded stays
#                  there
#   --keep         leave the root, and start from the one that was left
set -eu

usage() {
	sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
fail() {
	echo "distributions: $*" >&2
	exit 1
}

# In here all mounts are the root's own: they end with the last process, however that ends.
if [ "${1:-}" = --inside ]; then
	root=$2
	packages=$3
	shift 3
	mount --bind "$root" "$root"
	mount -t proc proc "$root/proc"
	mount -t sysfs -o ro sysfs "$root/sys"
	mount --rbind /dev "$root/dev"
	mount --bind "$packages" "$root/var/cache/apt/archives"
	# As on a machine of its own: within chroot nobody may make a namespace, and some tests
	# would be skipped.
	cd "$root"
	pivot_root . .
	umount --lazy .
	cd "/srv/un knot"
	exec "$@"
fi

mirror=
folder=/var/tmp/unknot-distributions
keep=false
while [ $# -gt 0 ]; do
	case $1 in
	--mirror) mirror=${2:?} && shift 2 ;;
	--folder) folder=${2:?} && shift 2 ;;
	--keep) keep=true && shift ;;
	-*) usage ;;
	*) break ;;
	esac
done
[ $# -gt 0 ] || usage
release=$1
shift
[ $# -gt 0 ] || set -- ./dev test
[ "$(id -u)" = 0 ] || fail "making a root needs root"
command -v debootstrap >/dev/null || fail "debootstrap is not installed"

tree=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder/packages/partial"
folder=$(cd "$folder" && pwd)
root=$folder/$release
if [ -z "$mirror" ]; then
	# shellcheck disable=SC2016 # apt's own words
	format='$(REPO_URI) $(ORIGIN) $(COMPONENT) $(LABEL)'
	mirror=$(apt-get indextargets --format "$format" 'Created-By: Packages' |
		awk '$2 == "Debian" && $3 == "main" && $4 == "Debian" { print $1; exit }')
	[ -n "$mirror" ] || fail "apt here knows no mirror of Debian: give one with --mirror"
fi

# shellcheck disable=SC2317 # the trap calls it
clean() {
	$keep || rm -rf --one-file-system "$root"
	rm -f "$root.log"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

if ! $keep || [ ! -x "$root/usr/bin/apt-get" ]; then
	rm -rf --one-file-system "$root"
	echo "== a bare $release in $root"
	debootstrap --variant=minbase --cache-dir="$folder/packages" "$release" "$root" "$mirror" \
		>"$root.log" 2>&1 || { tail -20 "$root.log" >&2; fail "debootstrap failed"; }
fi

# The way out is this machine's: names, proxies, certificates, and the registry of npm. No
# passwords.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
apt-config dump | grep -E '^Acquire::([a-z]+::([Pp]roxy|Verify)|Check-)' \
	>"$root/etc/apt/apt.conf.d/90machine" || true
mkdir -p "$root/usr/local/share/ca-certificates"
cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null ||
	true
if command -v npm >/dev/null; then
	registry=$(cd / && npm config get registry)
	authorities=$(cd / && npm config get cafile)
	{
		case $registry in http*) echo "registry=$registry" ;; esac
		if [ -f "$authorities" ]; then
			cp "$authorities" "$root/etc/npm-authorities.crt"
			echo "cafile=/etc/npm-authorities.crt"
		fi
	} >"$root/root/.npmrc"
fi

# What is committed and what is not yet, but nothing built and nothing that git ignores. Of a tree
# that was here before only what it has built stays.
work="$root/srv/un knot"
mkdir -p "$work"
find "$work" -mindepth 1 -maxdepth 1 ! -name 'build*' ! -name .cache -exec rm -rf {} +
(cd "$tree" && { git ls-files -z --deleted | tr '\0' '\n' >"$root/tmp/deleted"
	git ls-files -z --cached --others --exclude-standard |
		tar -c --null -X "$root/tmp/deleted" -T -; }) |
	tar -x -C "$work" --no-same-owner

echo "== $* in a bare $release"
passed=0
unshare --mount --pid --fork --kill-child --propagation private sh "$0" --inside "$root" \
	"$folder/packages" \
	env -i HOME=/root TERM="${TERM:-dumb}" \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	${JOBS:+JOBS="$JOBS"} ${CMAKE_ARGS:+CMAKE_ARGS="$CMAKE_ARGS"} ${CI:+CI="$CI"} \
	${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
	${no_proxy:+no_proxy="$no_proxy"} "$@" || passed=$?
[ "$passed" = 0 ] && echo "== $release: passed" || echo "== $release: failed with $passed"
exit "$passed"
