#!/bin/sh
# check.sh ROOT: what every file of the tree keeps to. Prints "file:line: what is wrong" for each
# offence; exit status 1 when there is one. selftest.sh shows that each check can fail.
set -eu
cd "${1:?usage: check.sh ROOT}"
export LC_ALL=C # columns are counted from bytes below, whatever the awk

# The tracked files that are still there; outside a checkout (a release archive), all of them.
list_files() {
	if [ -e .git ] && git -c safe.directory='*' ls-files 2>/dev/null; then
		return
	fi
	find . -type f ! -path './build*' ! -path './.cache/*' | sed 's|^\./||'
}

# Text only: grep -I takes a file with a zero byte for binary. What a fuzzer is fed is data,
# whatever it looks like.
text_files() {
	list_files | grep -v '^tests/fuzz/corpus/' | while IFS= read -r file; do
		if [ -f "$file" ] && grep -Iq . "$file"; then
			printf '%s\n' "$file"
		fi
	done
}

# The order of the rooms is written once, in src/CMakeLists.txt.
rooms=$(sed -n '/^set(rooms /,/)/p' src/CMakeLists.txt | tr '\n()' '   ' | sed 's/set *rooms//')
[ -n "$rooms" ] || { echo "src/CMakeLists.txt: no set(rooms ...) found"; exit 1; }

text_files | awk -v rooms="$rooms" '
function wrong(what) { print file ":" line ": " what; bad = 1 }

# Columns of a line: a tab goes to the next multiple of 8, a UTF-8 character is one column.
function columns(text,    parts, count, i, width) {
	gsub(/[\200-\277]/, "", text)
	count = split(text, parts, "\t")
	for (i = 1; i < count; i++)
		width = int((width + length(parts[i])) / 8) * 8 + 8
	return width + length(parts[count])
}

# A room may include itself and those before it; daemon and cli, the two programs, never meet.
function check_include(text,    from, to, parts) {
	split(file, parts, "/")
	from = parts[2]
	split(text, parts, /["\/]/)
	to = parts[2]
	if (!(from in place) || !(to in place))
		wrong("include across rooms of unknown order: " text)
	else if (place[to] > place[from])
		wrong(from " includes " to ", a room after it: " text)
	else if (from == "cli" && to == "daemon")
		wrong("cli includes daemon: " text)
}

# src/base/log.h guards itself with UNKNOT_BASE_LOG_H; elsewhere the folder may be left out.
function is_guard(text,    name) {
	name = file
	sub(/^src\//, "", name)
	if (name == file)
		sub(/^.*\//, "", name)
	name = toupper(name)
	gsub(/[^A-Z0-9]/, "_", name)
	return text ~ ("^#ifndef UNKNOT_([A-Z0-9_]+_)?" name "$")
}

# A page that a comment or another page names is in the tree: from its root, from src/ as #include
# has it, or beside the file. Addresses of the web and what begins in a variable are not names of
# pages.
function check_pages(text,    name, before, folder) {
	folder = file
	sub(/[^\/]*$/, "", folder)
	while (match(text, /[A-Za-z0-9_.\/:-]+\.md/)) {
		name = substr(text, RSTART, RLENGTH)
		before = RSTART > 1 ? substr(text, RSTART - 1, 1) : ""
		text = substr(text, RSTART + RLENGTH)
		if (name ~ /^\/|:/ || before == "}" || text ~ /^[A-Za-z0-9_]/)
			continue
		if (!(name in tree || "src/" name in tree || folder name in tree))
			wrong("names " name ", which is not in the tree")
	}
}

function check_file(    is_code, is_build, is_table, guarded, text, comment) {
	is_code = file ~ /\.(c|h|cpp|sh)$/ || file == "dev" || file ~ /^\.ci\//
	is_table = file ~ /\.inc$/
	is_build = file ~ /(^|\/)CMakeLists\.txt$/ || file ~ /\.cmake$/
	line = 0
	while ((getline text < file) > 0) {
		line++
		if (text ~ /[ \t\r]$/)
			wrong("white space at the end of the line")
		if ((is_code || is_table || is_build) && columns(text) > widest)
			wrong("line of " columns(text) " columns, at most " widest)
		if (file ~ /^src\// && text ~ /^[ \t]*#[ \t]*include[ \t]*"[^"]*\//)
			check_include(text)
		guarded = guarded || is_guard(text)
		comment = text
		if (file !~ /\.(c|h|cpp|inc|md)$/ && !sub(/^[^#]*#/, "", comment))
			comment = ""
		check_pages(comment)
		if (text ~ registries)
			wrong("a package registry is named: clients know their own")
		if (is_code && text ~ /assert_(not_)?in_range *\(/)
			wrong("cmocka 2 warns of assert_in_range: assert_true with two comparisons")
		if (text ~ machine_paths)
			wrong("a path that exists on one machine only")
	}
	close(file)
	if (is_code && line > 800)
		wrong("file of " line " lines, at most 800: split it")
	if (file ~ /\.h$/ && file !~ kernel_bodies && !guarded) {
		line = 1
		wrong("no include guard of its own name")
	}
}

BEGIN {
	count = split(rooms, names, " ")
	for (i = 1; i <= count; i++)
		place[names[i]] = i
	widest = 100
	# What each instruction set includes once, and nobody else.
	kernel_bodies = "^src/kernels/(simd|sparse)\\.h$"
	# A character in brackets keeps these lines from matching themselves.
	registries = "[r]egistry\\.npmjs|[d]eb\\.debian|[s]napshot\\.debian|[p]ypi\\.org"
	registries = registries "|[a]rtifactregistry"
	machine_paths = "(^|[^a-zA-Z0-9_.}])/([w]ork|[r]oot|[h]ome/[a-z]+)/"
}
{ tree[$0]; list[++files] = $0 }
END {
	for (i = 1; i <= files; i++) {
		file = list[i]
		check_file()
	}
	if (files == 0) {
		print "no file to check"
		bad = 1
	}
	exit bad
}'
