# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts of contrib/ and tests/ share; sourced by /bin/sh, with $top (the checkout) set before.

cache=${ISUPGW_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/isupgw}

say() {
	echo "== $*"
}

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Runs a command as root: as we are, or through sudo.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		die "'$1' needs root, and there is no sudo"
	fi
}

# The Debian mirror of this machine, as its own apt is configured: the one that the running release comes from.
debian_mirror() {
	. /etc/os-release
	apt-get indextargets --format '$(RELEASE) $(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk -v release="$VERSION_CODENAME" '($1 == release || $2 == release) && $3 == "main" { print $4; exit }'
}

have_sctp() {
	python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP)' 2>/dev/null
}

# m3ua_transport BUILDDIR: sets M3UA_PRELOAD to the library to preload into whatever speaks M3UA, or to nothing
# where the kernel has SCTP. ISUPGW_M3UA=tcp or =sctp overrides.
m3ua_transport() {
	M3UA_PRELOAD=
	case ${ISUPGW_M3UA:-auto} in
	auto)
		if have_sctp; then
			say "M3UA over SCTP, as this kernel has it"
			return
		fi
		say "this kernel has no SCTP: M3UA over TCP, by contrib/m3ua-tcp" ;;
	tcp)
		say "M3UA over TCP as asked, by contrib/m3ua-tcp" ;;
	sctp)
		say "M3UA over SCTP as asked"
		return ;;
	*)
		die "ISUPGW_M3UA is '$ISUPGW_M3UA', not one of auto, tcp, sctp" ;;
	esac
	M3UA_PRELOAD=$1/contrib/m3ua-tcp/m3ua_tcp.so
	[ -e "$M3UA_PRELOAD" ] || die "$M3UA_PRELOAD is not built"
}

# copy_tree DIR: the checkout without what a build left in it.
copy_tree() {
	mkdir -p "$1"
	if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
		git -C "$top" ls-files -z --cached --others --exclude-standard
	else
		(cd "$top" && find . -type f -print0)
	fi | tar -C "$top" --null --ignore-failed-read --warning=no-failed-read -T - -cf - | tar -xf - -C "$1"
}

# build_tree SRC BUILD [CONFIGURE-OPTION…]: configures where that was not done with these options, and builds.
build_tree() {
	src=$1
	build=$2
	shift 2
	mkdir -p "$build"
	if [ ! -x "$src/configure" ] || [ "$src/configure.ac" -nt "$src/configure" ]; then
		(cd "$src" && ./autogen.sh) >"$build/autogen.log" 2>&1 || { cat "$build/autogen.log"; return 1; }
	fi
	if [ "$(cat "$build/options" 2>/dev/null)" != "$src $*" ] || [ ! -e "$build/Makefile" ]; then
		(cd "$build" && "$src/configure" -q "$@") || return 1
		echo "$src $*" >"$build/options"
	fi
	make -s -C "$build" -j"$(nproc)"
}
