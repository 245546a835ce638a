#!/bin/sh
# icons.sh ICONS SOURCES: every icon that the window names in its source is there.
# shellcheck disable=SC2046 # a list
exec "$1" $(grep -ho '"[a-z.-]*-symbolic"' "$2"/*.c | tr -d '"' | sort -u)
