#!/usr/bin/env bash
# See the rooms work: a Prosody of its own on loopback, the component attached to it, two demo users talking in a room,
# and then a server to join with any XMPP client until Ctrl-C. Afterwards nothing is left but packages it had to install.
#   config/quickstart.sh           stays up until Ctrl-C
#   config/quickstart.sh --once    ends after the conversation; the exit code says whether it went well
# A Prosody that runs on this machine already is not touched. QUICKSTART_ONCE=1 is the same as --once;
# QUICKSTART_C2S_PORT and QUICKSTART_COMPONENT_PORT are where the search for free ports starts (5222 and 5347).
# shellcheck disable=SC2317 # (the linter does not see what traps and wait_for call)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(dirname "$here")
conversation=$here/quickstart.scs
room=balcony@conference.localhost
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

once=${QUICKSTART_ONCE:-}
case ${1:-} in
    '') ;;
    --once) once=1 ;;
    *) echo "usage: config/quickstart.sh [--once]" >&2; exit 2 ;;
esac

say() { echo "==> $*"; }
die() { echo "quickstart: $*" >&2; exit 1; }
# The end of a log, for a failure whose cause is in there, and then the one line.
die_with() { sed 's/^/    /' <(tail -n 8 "$1") >&2; shift; die "$@"; }

work=
prosody=
component=
# Asks a process to end, gives it ten seconds, and takes no for an answer no longer.
end() {
    local tries
    [ -n "$1" ] && kill "$1" 2>/dev/null || return 0
    for ((tries = 0; tries < 100; tries++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
# Called by the trap. The component goes first: it says good-bye to a server that still listens.
clean_up() {
    trap '' INT TERM HUP
    end "$component"
    end "$prosody"
    [ -z "$work" ] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# 1. What is needed
command -v dotnet >/dev/null || die "the .NET SDK 10 is not installed: https://dotnet.microsoft.com/download"
dotnet --list-sdks 2>/dev/null | grep -q '^10\.' || die "the .NET SDK 10 is needed; installed: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)"
"$here/install.sh" prosody libsqlite3-0 libicu || die "cannot go on without those packages"

work=$(mktemp -d)
chmod 711 "$work"

# 2. The component and the two demo users' program
# (What the SDK leaves in the temporary folder goes with the rest.)
build() {
    TMPDIR=$work dotnet publish "$repo/$1" -c Release -o "$work/$2" -v quiet --disable-build-servers < /dev/null > "$work/build.log" 2>&1 ||
        die_with "$work/build.log" "$1 could not be built: the lines above say why"
}
say "Building (the first time takes a minute)"
build src/MucComponent service
build tests/MucComponent.Conversations users

# 3. Prosody, private to this run
# Taken from the ports from $1 on, skipping $2: the first that nobody listens on.
free_port() {
    local port
    for ((port = $1; port < $1 + 50; port++)); do
        [ "$port" != "${2:-}" ] || continue
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    die "no free port between $1 and $((port - 1)) on 127.0.0.1"
}
c2s_port=$(free_port "${QUICKSTART_C2S_PORT:-5222}")
component_port=$(free_port "${QUICKSTART_COMPONENT_PORT:-5347}" "$c2s_port")
MUC_SECRET=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export MUC_SECRET # both sides take it from there

# The operator's file, word for word, and around it only what makes it private: ports and paths of its own, nothing
# but loopback, and no TLS, since there is no certificate for localhost.
private=$work/prosody
mkdir -m 700 "$private"
cp "$here/prosody.cfg.lua" "$private/operator.cfg.lua"
cat > "$private/prosody.cfg.lua" <<LUA
Include "$private/operator.cfg.lua"
data_path = "$private"
pidfile = "$private/prosody.pid"
log = { { levels = { min = "info" }, to = "console" } }
interfaces = { "127.0.0.1" }
c2s_ports = { $c2s_port }
c2s_interfaces = { "127.0.0.1" }
component_ports = { $component_port }
component_interfaces = { "127.0.0.1" }
s2s_ports = {}
modules_disabled = { "tls" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
LUA

# Prosody refuses to run as root, so for root it runs as the user that its package made.
as_prosody=()
if [ "$(id -u)" = 0 ]; then
    id prosody >/dev/null 2>&1 || die "run as root, this needs the user 'prosody' of Debian's package; please run it as an ordinary user"
    chown -R prosody: "$private"
    as_prosody=(setpriv --reuid prosody --regid prosody --init-groups --)
fi

# The accounts are those of the conversation: there is one place to change them.
accounts=()
while read -r jid password; do
    "${as_prosody[@]}" prosodyctl --config "$private/prosody.cfg.lua" register "${jid%@*}" "${jid#*@}" "$password" > "$work/accounts.log" 2>&1 ||
        die_with "$work/accounts.log" "Prosody did not make the account $jid: the lines above say why"
    accounts+=("$jid   password $password")
done < <(awk '$1 == "jid:" { jid = $2 } $1 == "password:" { print jid, $2 }' "$conversation")

say "Starting Prosody on 127.0.0.1:$c2s_port"
"${as_prosody[@]}" prosody -F --config "$private/prosody.cfg.lua" < /dev/null > "$work/prosody.log" 2>&1 &
prosody=$!

# Waits, half a minute at most, until a command says yes; not longer than the process it is about lives.
wait_for() {
    local process=$1 tries
    shift
    for ((tries = 0; tries < 150; tries++)); do
        "$@" 2>/dev/null && return
        kill -0 "$process" 2>/dev/null || return 1
        sleep 0.2
    done
    return 1
}
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
wait_for "$prosody" listening "$c2s_port" || die_with "$work/prosody.log" "Prosody did not start: the lines above say why"

# 4. The component, attached to it, with its rooms in SQLite
say "Attaching the component as conference.localhost"
mkdir "$work/rooms"
env MUC_DOMAIN=conference.localhost MUC_SERVER_HOST=127.0.0.1 MUC_SERVER_PORT="$component_port" \
    MUC_STORAGE=sqlite MUC_DATA_DIR="$work/rooms" "$work/service/MucComponent" < /dev/null > "$work/component.log" 2>&1 &
component=$!
wait_for "$component" grep -q "stream is up" "$work/component.log" ||
    die_with "$work/component.log" "the component did not attach to Prosody: the lines above say why"

# 5. Two people talk
say "Romeo and Juliet meet in $room"
echo
dotnet "$work/users/MucComponent.Conversations.dll" play "$conversation" --host 127.0.0.1 --port "$c2s_port" --narrate < /dev/null ||
    die_with "$work/component.log" "the conversation did not go as written in config/quickstart.scs; the component's last words are above"
echo
say "That was live: two clients, Prosody, and the component between them."
[ -z "$once" ] || exit 0

# 6. Your turn
cat <<TEXT

Now you. In any XMPP client (Gajim, Dino, Profanity, ...) add an account:

    account   $(printf '%s' "${accounts[0]}")
         or   $(printf '%s' "${accounts[1]}")
    server    127.0.0.1   port $c2s_port   without TLS (your client may ask whether that is all right: here it is)

and join the room  $room  to read what they said, or a new one of your own: anything@conference.localhost

Ctrl-C stops the server and the component and removes their data.
TEXT

trap 'echo; say "Stopped."; exit 0' INT TERM HUP
wait -n "$prosody" "$component" || true
if kill -0 "$prosody" 2>/dev/null; then die_with "$work/component.log" "the component ended by itself: its last words are above"; fi
die_with "$work/prosody.log" "Prosody ended by itself: its last words are above"
