#!/usr/bin/env bash
# Runs every test: installs the servers they talk to if those are missing, builds, tests, and ends with one line,
# "N passed, N failed". Arguments go to `dotnet test`, for example: tests/run.sh --filter FullyQualifiedName~Entering
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

command -v dotnet >/dev/null || { echo "run: the .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
config/install.sh prosody ejabberd postgresql libsqlite3-0 libicu strace
# For the rooms that Prosody and ejabberd keep in databases, and that are moved from there.
config/install.sh lua-dbi-sqlite3 lua-dbi-postgresql erlang-p1-sqlite3

results=tests/TestResults
rm -rf "$results"

# A test that hangs is ended and counted as failed; it must not hold up the others for ever.
status=0
dotnet test MucComponent.sln --results-directory "$results" \
    --logger 'console;verbosity=normal' --logger 'trx;LogFilePrefix=tests' \
    --blame-hang --blame-hang-timeout 5m --blame-hang-dump-type none \
    "$@" < /dev/null || status=$?

# Adds up one counter over the result files: <Counters total="12" executed="11" passed="10" failed="1" ... />
count() {
    local sum=0 n
    while read -r n; do sum=$((sum + n)); done < <(
        find "$results" -name '*.trx' -exec sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" {} + 2>/dev/null)
    echo "$sum"
}

# What failed and why, once more and last: of a long log often only the end is read.
failures() {
    find "$results" -name '*.trx' -exec sed -n '/<UnitTestResult .*outcome="Failed"/,/<\/UnitTestResult>/p' {} + 2>/dev/null |
        sed -e 's/.*<UnitTestResult .*testName="\([^"]*\)".*/Failed: \1/' -e 's/<[^>]*>//g' -e '/^\s*$/d' \
            -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xD;//g; s/&amp;/\&/g' | tail -n 300 || true
}
total=$(count total) passed=$(count passed) failed=$(count failed)
skipped=$((total - passed - failed))

if [ $((passed + failed)) = 0 ]; then
    echo "run: no test ran" >&2
    status=1
elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    echo "run: the test run broke off before its end (dotnet test: $status), which counts as one failure" >&2
    failed=1
elif [ "$failed" != 0 ]; then
    status=1
fi

failures
[ "$skipped" = 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
