#!/bin/sh
# Floods, and what the others notice of them: latency in another room and in the same one, before and meanwhile; memory; how
# many refusals were told. Arguments go to the benchmark, for example --store sqlite. Takes some minutes.
set -eu
cd "$(dirname "$0")/MucComponent.Bench"
dotnet build -c Release --nologo -v quiet
exec bin/Release/net10.0/MucComponent.Bench --abuse "$@"
