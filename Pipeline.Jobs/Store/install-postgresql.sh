#!/bin/sh
# Finds the programs of a PostgreSQL server, or gets them from Debian's packages, and prints the folder that they are in.
# usage: install-postgresql.sh FOLDER
#   root        installs the package postgresql; no default cluster is made and no service started
#   other users download the packages with apt-get and unpack them into FOLDER; nothing outside FOLDER is touched
# What it does goes to standard error; if it cannot help, the last line there says why.
set -eu

into=${1:?usage: install-postgresql.sh FOLDER}

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }

has_server() { [ -x "$1/initdb" ] && [ -x "$1/postgres" ]; }

# The newest version under a root folder ("" is the system's).
newest() {
    ls -d "$1"/usr/lib/postgresql/*/bin 2>/dev/null | sort -V | while read -r bin; do
        if has_server "$bin"; then echo "$bin"; fi
    done | tail -n 1
}

found() {
    if [ -n "${PIPELINE_PG_BIN:-}" ]; then echo "$PIPELINE_PG_BIN"; return; fi
    bin=$(newest "")
    [ -n "$bin" ] || bin=$(newest "$into")
    if [ -z "$bin" ]; then
        initdb=$(command -v initdb || true)
        if [ -n "$initdb" ] && has_server "$(dirname "$initdb")"; then bin=$(dirname "$initdb"); fi
    fi
    echo "$bin"
}

library_path() { ls -d "$1"/usr/lib/*-linux-gnu* "$1"/lib/*-linux-gnu* 2>/dev/null | paste -s -d : -; }

install_as_root() {
    export DEBIAN_FRONTEND=noninteractive
    # Installing the server makes and starts a cluster of its own unless this says otherwise; the file goes again afterwards.
    switch=/etc/postgresql-common/createcluster.d/pipeline-while-installing.conf
    mkdir -p "$(dirname "$switch")"
    echo 'create_main_cluster = false' > "$switch"
    trap 'rm -f "$switch"' EXIT
    say "apt-get install postgresql ..."
    apt_install="apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 postgresql"
    if ! { apt-cache show postgresql >/dev/null 2>&1 && $apt_install >&2; }; then
        # No package lists yet, or lists so old that their packages are gone.
        apt-get update -q >&2 || fail "apt-get update failed: check the network and /etc/apt/sources.list"
        $apt_install >&2 || fail "apt-get install postgresql failed"
    fi
}

unpack_as_user() {
    parent=$(dirname "$into")
    mkdir -p "$parent"
    staging=$(mktemp -d "$parent/.postgresql-XXXXXX")
    trap 'rm -rf "$staging"' EXIT
    mkdir -p "$staging/debs" "$staging/root" "$staging/lists/partial" "$staging/cache/archives/partial"
    cd "$staging/debs"

    lists=""
    if ! download_server; then
        say "apt-get update (into a folder of this user) ..."
        lists="-o Dir::State::Lists=$staging/lists -o Dir::Cache=$staging/cache"
        apt-get $lists -q update >&2 || fail "apt-get update failed: check the network and /etc/apt/sources.list"
        download_server || fail "apt-get download postgresql failed"
    fi
    unpack
    bin=$(newest "$staging/root")
    if missing_libraries | grep -q .; then
        # Not LLVM, Perl, Python: the first is for JIT, which is off, the others for procedural languages.
        libraries=$(apt-cache $lists depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
            "postgresql-$major" "postgresql-client-$major" | grep -E '^lib[^:]*$' | grep -v -E '^lib(llvm|perl|python)' | sort -u)
        wanted=""
        for package in $libraries; do
            status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
            [ "$status" = installed ] || wanted="$wanted $package"
        done
        if [ -n "$wanted" ]; then apt-get $lists -q download $wanted >&2 || fail "apt-get download of$wanted failed"; fi
        unpack
        lacking=$(missing_libraries)
        [ -z "$lacking" ] || fail "the unpacked PostgreSQL lacks libraries: $(echo $lacking)"
    fi
    LD_LIBRARY_PATH=$(library_path "$staging/root") "$bin/postgres" --version >&2 || fail "the unpacked PostgreSQL does not run"
    # Whole or not at all; where another process was faster, its folder stays.
    mv -T "$staging/root" "$into" 2>/dev/null || [ -n "$(newest "$into")" ] || fail "$into could not be written"
}

download_server() {
    major=$(apt-cache $lists depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    [ -n "$major" ] || return 1
    say "apt-get download postgresql-$major ..."
    apt-get $lists -q download "postgresql-$major" "postgresql-client-$major" libpq5 >&2
}

unpack() {
    for deb in "$staging"/debs/*.deb; do
        dpkg -x "$deb" "$staging/root"
        rm "$deb"
    done
}

missing_libraries() {
    for program in postgres initdb pg_ctl pg_dump pg_restore; do
        LD_LIBRARY_PATH=$(library_path "$staging/root") ldd "$bin/$program"
    done | sed -n 's/^[[:space:]]*\([^ ]*\) => not found$/\1/p' | sort -u
}

bin=$(found)
if [ -z "$bin" ]; then
    command -v apt-get >/dev/null || fail "this system has no apt-get"
    if [ "$(id -u)" = 0 ]; then (install_as_root); else (unpack_as_user); fi
    bin=$(found)
    [ -n "$bin" ] || fail "the package postgresql brought no server"
fi
echo "$bin"
