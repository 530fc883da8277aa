#!/bin/sh
# A throwaway PostgreSQL for tests. start prints its DATABASE_URL (and nothing else on stdout), url prints it again, stop removes it.
set -eu
cd "$(dirname "$0")/.."
. tools/apt.sh
state=var/postgres   # remembers where the running cluster lives

bindir() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

# PostgreSQL refuses to run as root; Debian's package brings the user postgres.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start() {
    if [ -f "$state" ]; then stop; fi
    # A server may be missing although psql is there.
    [ -x "$(bindir)/initdb" ] || apt postgresql
    bin=$(bindir)
    # Outside the checkout, which the server's user may not be allowed to enter.
    folder=$(mktemp -d "${TMPDIR:-/tmp}/wpiforum-postgres.XXXXXX")
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder"; fi
    echo "Starting a throwaway PostgreSQL" >&2
    # The superuser may create extensions; trust is safe enough for loopback and minutes.
    as_server "$bin/initdb" -D "$folder/data" -U wpiforum --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    port=$((20000 + $$ % 10000))
    tries=0
    # No durability is needed, so no waiting for the disk. Autovacuum would see none of the rows that a test has in its
    # transaction, call the tables empty, and be in the way when their database is dropped; for benchmarks: vacuumdb -z.
    until as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -s start -o "-p $port -k $folder -h 127.0.0.1 \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off" 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -ge 10 ]; then cat "$folder/log" >&2; rm -rf "$folder"; exit 1; fi
        port=$((port + 1))   # most likely taken
    done
    mkdir -p var
    echo "$folder $port" >"$state"
    as_server "$bin/createdb" -h 127.0.0.1 -p "$port" -U wpiforum wpiforum
    url
}

running() {
    [ -f "$state" ] || { echo "No throwaway PostgreSQL: tools/postgres.sh start" >&2; exit 1; }
    read -r folder port <"$state"
}

url() {
    running
    echo "postgres://wpiforum@127.0.0.1:$port/wpiforum"
}

stop() {
    running
    # It may be gone already, after a restart of the machine for one; the folder still has to go.
    as_server "$(bindir)/pg_ctl" -D "$folder/data" -m immediate -s stop 2>/dev/null || :
    rm -rf "$folder" "$state"
}

case "${1:-}" in
    start | url | stop) "$1" ;;
    *) echo "usage: tools/postgres.sh start|url|stop" >&2; exit 2 ;;
esac
