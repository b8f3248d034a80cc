#!/usr/bin/env bash
# Everything that CI checks: locked restore, build, format, all tests. Ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

command -v dotnet >/dev/null || {
    echo "test.sh needs the .NET 10 SDK and there is no dotnet here: install it (https://dot.net/download), then run this again." >&2
    exit 5
}
# A build node that outlives this run would hold its output and its memory.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# The tests make their own databases and homes; the user's must not be reached.
unset PIPELINE_DATABASE PIPELINE_HOME

mkdir -p artifacts
PIPELINE_PG_BIN=$(sh Pipeline.Jobs/Store/install-postgresql.sh "$PWD/artifacts/postgresql")
export PIPELINE_PG_BIN
PIPELINE_CHROMIUM=$(sh Pipeline.Tests/install-chromium.sh)
export PIPELINE_CHROMIUM

dotnet restore --locked-mode
dotnet build --no-restore -c Release -v q
is_formatted=true
dotnet format --no-restore --verify-no-changes || is_formatted=false

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
outcome=0
dotnet test --no-build -c Release --logger trx --results-directory "$results" "$@" || outcome=$?

# <Counters total="9" executed="8" passed="7" failed="1" ...>: what was not executed was skipped.
read -r total executed passed < <(cat "$results"/*.trx 2>/dev/null \
    | sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)".*/\1 \2 \3/p' \
    | awk '{ total += $1; executed += $2; passed += $3 } END { print total + 0, executed + 0, passed + 0 }')
failed=$((executed - passed))
skipped=$((total - executed))
if [ "$is_formatted" = false ]; then
    echo "The format differs from .editorconfig: run 'dotnet format'." >&2
    outcome=1
fi
if [ "$passed" = 0 ] || [ "$failed" != 0 ]; then outcome=1; fi
echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
exit "$outcome"
