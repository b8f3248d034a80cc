#!/bin/sh
# Finds a Chromium for the browser tests, or as root installs Debian's, and prints its path; prints nothing where there is none to be had.
# usage: install-chromium.sh
# What it does goes to standard error. An ordinary user cannot install it: the browser tests are then skipped, and counted as skipped.
set -eu

say() { echo "$*" >&2; }

found() {
    if [ -n "${PIPELINE_CHROMIUM:-}" ]; then echo "$PIPELINE_CHROMIUM"; return; fi
    command -v chromium || command -v chromium-browser || true
}

path=$(found)
if [ -z "$path" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    say "apt-get install chromium ..."
    install="apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 chromium"
    # No package lists yet, or lists so old that their packages are gone: then once more with new ones.
    { apt-cache show chromium >/dev/null 2>&1 && $install >&2; } || { apt-get update -q >&2 && $install >&2; } || say "apt-get install chromium failed"
    path=$(found)
fi
[ -n "$path" ] || say "There is no chromium here: the browser tests are skipped (as root: apt-get install chromium)."
echo "$path"
