#!/bin/sh
# Builds a User-Mode Linux with a USB camera's driver from Debian's source package, once for all checkouts:
# ten minutes of one processor, 1.5 GB while it builds and 40 MB after. Does nothing when it is there already.
set -eu
folder=${XDG_CACHE_HOME:-$HOME/.cache}/unknot/rig
fragment=$(cd "$(dirname "$0")" && pwd)/kernel.config
recipe=$(cat "$fragment" "$0" | sha256sum | cut -d ' ' -f 1)
mkdir -p "$folder"
cd "$folder"
if [ -x linux ] && [ "$(cat recipe 2>/dev/null)" = "$recipe" ]; then
	exit 0
fi
echo "building a kernel for tests/rig in $folder: ten minutes, once"
rm -rf source package
mkdir package
# It needs no installing: who builds need not be root.
(cd package && apt-get -q download linux-source-6.1 && dpkg-deb -x ./*.deb .)
mkdir source
tar -xf package/usr/src/linux-source-6.1.tar.xz -C source --strip-components=1
rm -rf package
cd source

# The room for the host's floating-point registers counts AVX-512 and not the 8 KiB that AMX adds: on a processor
# that has it the guest would stop at its first signal.
sed -i 's/(HOST_FP_SIZE, 2696)/(HOST_FP_SIZE, 11008)/' arch/x86/um/user-offsets.c
# Landlock is not offered where files of the host may change under the guest's feet. Ours do not, and the daemon's
# folders lie in a RAM disk.
sed -i '/select ARCH_EPHEMERAL_INODES/d' arch/um/Kconfig
export ARCH=um
make defconfig >../build.log
scripts/kconfig/merge_config.sh -m .config "$fragment" >>../build.log
make olddefconfig >>../build.log
make -j"$(nproc)" linux >>../build.log 2>&1 || { tail -20 ../build.log; exit 1; }
strip --strip-debug -o ../linux linux
cd ..
rm -rf source
echo "$recipe" >recipe
