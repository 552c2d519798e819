#!/usr/bin/env bash
# Installs the Debian packages named as arguments, as far as they are missing, for the quick start and the tests.
# What it installs is neither started nor set to start at boot: nothing on this machine begins to listen because of us.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

say() { echo "install: $*" >&2; }
die() { say "$*"; exit 1; }

# By what a package brings, not by its name: a Prosody from another repository or from source is as good.
present() {
    case $1 in
        strace) command -v strace ;;
        prosody) command -v prosody && command -v prosodyctl ;;
        ejabberd) command -v ejabberdctl ;;
        postgresql) compgen -G '/usr/lib/postgresql/*/bin/postgres' ;;
        libsqlite3-0) compgen -G '/usr/lib/*/libsqlite3.so.0' ;;
        lua-dbi-sqlite3) compgen -G '/usr/lib/*/lua/*/dbd/sqlite3.so' ;;
        lua-dbi-postgresql) compgen -G '/usr/lib/*/lua/*/dbd/postgresql.so' ;;
        erlang-p1-sqlite3) compgen -G '/usr/lib/*/erlang/lib/p1_sqlite3-*' || compgen -G '/usr/lib/erlang/lib/p1_sqlite3-*' ;;
        libicu) compgen -G '/usr/lib/*/libicuuc.so.[0-9]*' ;;
        *) die "no way to tell whether $1 is there" ;;
    esac >/dev/null
}

missing=()
for package; do present "$package" || missing+=("$package"); done
[ ${#missing[@]} -gt 0 ] || exit 0

# The ICU library has its version in its name (libicu72, libicu76): let apt find the one of this release.
names=()
for package in "${missing[@]}"; do
    if [ "$package" = libicu ]; then names+=("^libicu[0-9]+\$"); else names+=("$package"); fi
done

command -v apt-get >/dev/null || die "missing: ${missing[*]}; this machine has no apt-get, please install them another way"
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "missing: ${missing[*]}; please run as root: apt-get install ${names[*]@Q}"
    say "sudo is used to install ${missing[*]}"
    exec sudo bash "$0" "${missing[@]}"
fi

say "installing ${missing[*]} with apt-get"
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
ours=
cleanup() { rm -f "$log" ${ours:+"$policy"}; }
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# Debian asks this file before it starts the service of a new package; 101 means no. One that exists is the operator's word.
if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
{ apt-get update && apt-get install --yes --no-install-recommends "${names[@]}"; } < /dev/null > "$log" 2>&1 ||
    { tail -n 5 "$log" >&2; die "apt-get could not install ${missing[*]}: the lines above say why"; }

for package in "${missing[@]}"; do
    present "$package" || die "apt-get installed $package, and still it is not there"
    # Libraries have no service; then there is nothing to disable. A Debian without systemd has links in /etc/rc*.d.
    if command -v systemctl >/dev/null; then systemctl disable --quiet "$package" 2>/dev/null || true
    elif command -v update-rc.d >/dev/null; then update-rc.d "$package" disable >/dev/null 2>&1 || true; fi
done
