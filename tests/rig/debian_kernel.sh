#!/bin/sh
# debian_kernel.sh        fetches Debian's own kernel and those of its modules that a guest needs,
#                         for machines that cannot run what kernel.sh builds: once for all
#                         checkouts, 12 MB. Nothing is installed; who fetches need not be root
# debian_kernel.sh path   says in which folder they are, or would be
set -eu
# Of depmod and modprobe, also where only root has it.
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=kept.sh
. "$(dirname "$0")/kept.sh"
folder=$(kept_folder debian "$0")
if [ "${1:-}" = path ]; then
	echo "$folder"
	exit
fi
if is_kept "$folder/vmlinuz"; then
	exit 0
fi
# What leads to the host's folders, then the camera and the bus that it is plugged into.
modules="virtio_pci 9pnet_virtio 9p overlay uvcvideo vhci-hcd"

echo "fetching a kernel for tests/rig into $folder, once"
rm -rf "$folder"
mkdir -p "$folder/package" "$folder/modules"
cd "$folder/package"
image=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' |
	head -1)
apt-get -q download "$image"
dpkg-deb -x ./*.deb .
version=${image#linux-image-}
depmod -b . "$version"
for module in $modules; do
	modprobe -d . -S "$version" --show-depends "$module"
done >../depends
awk '$1 == "insmod" && !seen[$2]++ { print $2 }' ../depends >../paths
while read -r path; do
	cp "$path" ../modules/
	echo "${path##*/}" >>../modules/order
done <../paths
# Last: with it all is there.
cp "boot/vmlinuz-$version" ../vmlinuz.new
cd ..
rm -r package depends paths
mv vmlinuz.new vmlinuz
