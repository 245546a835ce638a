# shellcheck shell=sh
# Sourced. Kernels are kept for all checkouts, in a folder for each recipe: none takes another's
# place.
kept=${XDG_CACHE_HOME:-$HOME/.cache}/unknot/rig

# kept_folder NAME FILE...: where what these files make lies. What they say in comments makes no
# other kernel.
kept_folder() {
	name=$1
	shift
	echo "$kept/$name-$(cat "$@" | sed '/^[[:space:]]*#/d' | sha256sum | cut -c 1-12)"
}

# is_kept FILE: whether it is there, and then for another two months. One process at a time gets
# beyond this: who finds nothing makes it, who comes meanwhile waits and finds it.
is_kept() {
	mkdir -p "$kept"
	exec 9>"$kept/lock"
	flock --nonblock 9 || { echo "waiting for another who makes a kernel in $kept"; flock 9; }
	if [ -e "$1" ]; then
		touch "${1%/*}"
		return 0
	fi
	find "$kept" -mindepth 1 -maxdepth 1 ! -name lock -mtime +60 -exec rm -rf {} +
	return 1
}
