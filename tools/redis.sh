#!/bin/sh
# A throwaway Redis for tests. start prints its REDIS_URL (and nothing else on stdout), url prints it again, stop removes it.
set -eu
cd "$(dirname "$0")/.."
. tools/apt.sh
state=var/redis   # remembers where it listens

start() {
    if [ -f "$state" ]; then stop; fi
    command -v redis-server >/dev/null || apt redis-server
    folder=$(mktemp -d "${TMPDIR:-/tmp}/wpiforum-redis.XXXXXX")
    port=$((30000 + $$ % 10000))
    tries=0
    # Nothing is kept: a version that a restart forgets is read from the database.
    until redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save "" --appendonly no --daemonize yes \
        --pidfile "$folder/pid" --logfile "$folder/log" >/dev/null && answers "$port"; do
        tries=$((tries + 1))
        if [ "$tries" -ge 10 ]; then cat "$folder/log" >&2; rm -rf "$folder"; exit 1; fi
        port=$((port + 1))   # most likely taken
    done
    mkdir -p var
    echo "$folder $port" >"$state"
    url
}

answers() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        if [ "$(redis-cli -p "$1" ping 2>/dev/null)" = PONG ] && [ -s "$folder/pid" ]; then return 0; fi
        sleep 0.2
    done
    return 1
}

running() {
    [ -f "$state" ] || { echo "No throwaway Redis: tools/redis.sh start" >&2; exit 1; }
    read -r folder port <"$state"
}

url() {
    running
    echo "redis://127.0.0.1:$port/0"
}

stop() {
    running
    # It may be gone already, after a restart of the machine for one; the folder still has to go.
    redis-cli -p "$port" shutdown nosave 2>/dev/null || :
    rm -rf "$folder" "$state"
}

case "${1:-}" in
    start | url | stop) "$1" ;;
    *) echo "usage: tools/redis.sh start|url|stop" >&2; exit 2 ;;
esac
