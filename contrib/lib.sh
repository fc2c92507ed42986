# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts of contrib/ and tests/ share; sourced by /bin/sh, with $top (the checkout) set before.

cache=${ISUPGW_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/isupgw}

# The same in Debian 12 and 13
build_packages="build-essential autoconf automake libtool pkg-config
	libosmocore-dev libosmo-sigtran-dev libsctp-dev libjansson-dev libc-ares-dev libssl-dev libxml2-dev"

say() {
	echo "== $*"
}

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# What to put before a program that is to have root's rights if possible: nothing as root, else sudo where there is one.
sudo=
[ "$(id -u)" = 0 ] || ! command -v sudo >/dev/null || sudo="sudo --"

may_be_root() {
	[ "$(id -u)" = 0 ] || [ -n "$sudo" ]
}

as_root() {
	may_be_root || die "'$1' needs root, and there is no sudo"
	$sudo "$@"
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

# m3ua_transport BUILDDIR: chooses what M3UA runs over and says so. Where it is to be TCP, sets M3UA_PRELOAD to the
# library to preload into whatever speaks M3UA; or, where libosmo-sigtran 2 has TCP itself, M3UA_TCP: see m3ua_config.
# ISUPGW_M3UA=tcp or =sctp overrides.
m3ua_transport() {
	M3UA_PRELOAD=
	M3UA_TCP=
	case ${ISUPGW_M3UA:-auto} in
	tcp) why="as asked" ;;
	sctp)
		say "M3UA over SCTP as asked"
		return ;;
	auto)
		if have_sctp; then
			say "M3UA over SCTP, as this kernel has it"
			return
		fi
		why="this kernel has no SCTP" ;;
	*) die "ISUPGW_M3UA is '$ISUPGW_M3UA', not one of auto, tcp, sctp" ;;
	esac
	if pkg-config --atleast-version=2.0.0 libosmo-sigtran; then
		M3UA_TCP=yes
		say "$why: M3UA over TCP, which libosmo-sigtran 2 has itself"
		return
	fi
	M3UA_PRELOAD=$1/contrib/m3ua-tcp/m3ua_tcp.so
	[ -e "$M3UA_PRELOAD" ] || die "$M3UA_PRELOAD is not built"
	say "$why: M3UA over TCP, by contrib/m3ua-tcp"
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

# m3ua_config FILE…: has configurations say TCP where that is what m3ua_transport chose and libosmo-sigtran 2 has it
# itself; programs on libosmo-sigtran 1 are given TCP by the preloaded library and need no word.
m3ua_config() {
	[ -n "$M3UA_TCP" ] || return 0
	sed -i -E -e 's/^( asp .* m3ua)$/\1 tcp/' -e 's/^( listen m3ua [0-9]+)$/\1 tcp/' \
		-e 's/^( +)sctp-role /\1transport-role /' "$@"
}
