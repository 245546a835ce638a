#!/bin/sh
# kernel.sh         builds a User-Mode Linux with a USB camera's driver from Debian's source
#                   package, once for all checkouts: less than ten minutes of one processor, 1.5 GB
#                   while it builds and 8 MB after. Does nothing when it is there already
# kernel.sh path    says where it is, or would be
#
# The source is the release's own; UNKNOT_RIG_LINUX=linux-source-6.12 takes that one. JOBS=N: at
# most N jobs at once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fragment=$here/kernel.config
# shellcheck source=kept.sh
. "$here/kept.sh"
# It is linked to the release's libraries.
release=$(. /etc/os-release && echo "$ID-${VERSION_CODENAME:-${VERSION_ID:-}}")
folder=$(kept_folder "uml-$release${UNKNOT_RIG_LINUX:+-$UNKNOT_RIG_LINUX}" "$fragment" "$0")
linux=$folder/linux
if [ "${1:-}" = path ]; then
	echo "$linux"
	exit
fi
if is_kept "$linux"; then
	exit 0
fi
fail() { echo "kernel.sh: $*" >&2; exit 1; }

# What linux-source depends on is the release's; else the newest 6.x. By its whole name: where there
# is no such package, apt-get takes 6.1 for a pattern, and finds 6.12.
package=${UNKNOT_RIG_LINUX:-$(apt-cache depends linux-source 2>/dev/null |
	sed -n 's/^ *Depends: \(linux-source-[0-9.]*\)$/\1/p')}
[ -n "$package" ] || package=$(apt-cache pkgnames linux-source-6. | sort -V | tail -1)
[ -n "$package" ] || fail "apt knows no linux-source; as root: apt-get update"
apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || fail "apt knows no $package"

rm -rf "$folder"
mkdir -p "$folder/package" "$folder/source"
trap 'rm -rf "$folder/package" "$folder/source"' EXIT
cd "$folder/package"
# It needs no installing: who builds need not be root.
apt-get -q download "$package"
dpkg-deb -x ./*.deb .
# Sources differ within a release: which one it was is worth knowing later.
dpkg-deb -W --showformat='${Package} ${Version}\n' ./*.deb >../made-from
echo "building a kernel for tests/rig from $package in $folder: minutes, once"
tar -xf "usr/src/$package.tar.xz" -C ../source --strip-components=1
cd ../source
rm -rf ../package

# The room for the host's floating-point registers counts AVX-512 and not the 8 KiB that AMX adds:
# on a processor that has it the guest would stop at its first signal. (Later kernels ask the host.)
sizes=arch/x86/um/user-offsets.c
sed -i 's/(HOST_FP_SIZE, [0-9]*)/(HOST_FP_SIZE, 11008)/' $sizes
! grep HOST_FP_SIZE $sizes | grep -Ev '11008|sizeof\(struct (user_fpregs_struct|_fpstate)\)' ||
	fail "$package counts floating-point registers in a way that this script does not know"
# Landlock was not offered where files of the host may change under the guest's feet, until Linux
# 6.5. Ours do not, and the daemon's folders lie in a RAM disk.
if grep -q ARCH_EPHEMERAL_INODES security/landlock/Kconfig; then
	sed -i '/select ARCH_EPHEMERAL_INODES/d' arch/um/Kconfig
	! grep ARCH_EPHEMERAL_INODES arch/um/Kconfig ||
		fail "$package has no Landlock over the host's files"
fi

export ARCH=um
log=$folder/build.log
{
	# Under a name without spaces: the script that merges splits names.
	cp "$fragment" ../fragment &&
		make defconfig &&
		scripts/kconfig/merge_config.sh -m .config ../fragment &&
		make olddefconfig
} >"$log" 2>&1 || { tail -20 "$log"; fail "$package cannot be configured"; }
# A kernel without one of them would make tests fail that have nothing to do with it.
grep '^CONFIG_.*=' "$fragment" | while read -r option; do
	case $option in
	*=n) ! grep "^${option%n}" .config ;;
	*) grep -qxF "$option" .config ;;
	esac || fail "$package does not take $option"
done

# How far it is, each line of make's being one object: a line that moves on a terminal, else one now
# and then.
objects=950
progress() {
	count=0
	width=$(stty size <&1 2>/dev/null | cut -d ' ' -f 2)
	name_width=$((${width:-80} - 24))
	[ $name_width -gt 0 ] || name_width=0
	while read -r what name; do
		case $what in CC | AS) count=$((count + 1)) ;; *) continue ;; esac
		if [ -t 1 ]; then
			printf '\r%5d of about %d  %.*s\033[K' $count $objects $name_width "$name"
		elif [ $((count % 200)) -eq 0 ]; then
			echo "$count of about $objects objects"
		fi
	done
	[ ! -t 1 ] || printf '\r\033[K'
}
{ make -j"${JOBS:-$(nproc)}" linux 2>&1 || touch ../failed; } | tee -a "$log" | progress
[ ! -e ../failed ] || { tail -20 "$log"; fail "$package does not build: $log"; }
strip --strip-debug -o ../linux.new linux
mv ../linux.new "$linux"
echo "built $linux from $(cat ../made-from)"
