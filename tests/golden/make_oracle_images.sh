#!/bin/sh
# make_oracle_images.sh BUILD SHARED: the pictures of the `pose_photograph` test into
# BUILD/oracle_images, from a public-domain photograph in Debian's python3-skimage. Needs apt,
# dpkg-deb and python3-pil.
set -eu
if [ $# -ne 2 ]; then
	echo "usage: $0 BUILD_FOLDER SHARED_FOLDER" >&2
	exit 2
fi
maker=$(realpath "$2")/oracle/make_images.py
mkdir -p "$1/oracle_images"
cd "$1/oracle_images"
if [ ! -e rot.png ]; then
	rm -rf x
	apt-get download -q python3-skimage
	dpkg-deb -x python3-skimage_*.deb x
	/usr/bin/python3 "$maker" .
	rm -rf x python3-skimage_*.deb
fi
echo "$PWD: $(ls ./*.png | wc -l) pictures"
