#!/bin/sh
# Writes the configuration of nginx from the templates beside it; install.sh and the tests call it.
#   render.sh portal           portal.conf and proxy.conf
#   render.sh upstream PORT    upstream.conf
#   render.sh balancer A:1 B:1 balancer.conf for a machine in front of several
# Reads HOST, CERTIFICATE, KEY, and BALANCER (the address of a load balancer in front); the rest has the places of a Debian host.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
ETC=${ETC:-/etc/wpiforum}

stale="error timeout http_502 http_504"
[ -z "${BALANCER:-}" ] || stale=off

fill() {
    sed -e "s|@HOST@|${HOST:-}|g" -e "s|@CERTIFICATE@|${CERTIFICATE:-}|g" -e "s|@KEY@|${KEY:-}|g" \
        -e "s|@HTTP@|${HTTP:-80}|g" -e "s|@HTTPS@|${HTTPS:-443}|g" -e "s|@ETC@|$ETC|g" \
        -e "s|@STATIC@|${STATIC:-/var/lib/wpiforum/static}|g" -e "s|@CACHE@|${CACHE:-/var/cache/nginx/wpiforum}|g" \
        -e "s|@BALANCER@|${BALANCER:+set_real_ip_from $BALANCER; real_ip_header X-Forwarded-For;}|g" \
        -e "s|@STALE@|$stale|g" -e "s|@LOG@|${LOG:-/var/log/nginx/wpiforum.log}|g" -e "s|@PORT@|${PORT:-}|g" "$here/nginx/$1.in" >"$ETC/$1.new"
    # In one step, so that nginx never reads half a file.
    mv "$ETC/$1.new" "$ETC/$1"
}

needs() {
    for name in "$@"; do
        eval "value=\${$name:-}"
        if [ -z "$value" ]; then echo "Set $name." >&2; exit 2; fi
        case $value in *[!A-Za-z0-9._:/@-]*) echo "$name has a character that nginx would misread." >&2; exit 2 ;; esac
    done
}

case "${1:-}" in
    portal) needs HOST CERTIFICATE KEY; fill proxy.conf; fill portal.conf ;;
    upstream) PORT=${2:-}; needs PORT; fill upstream.conf ;;
    balancer)
        needs HOST CERTIFICATE KEY
        shift
        [ $# -gt 0 ] || { echo "Name the application hosts as HOST:PORT." >&2; exit 2; }
        fill balancer.conf
        servers=$(for host in "$@"; do printf '    server %s max_fails=1 fail_timeout=5s;\\n' "$host"; done)
        sed -i "s|@HOSTS@|$servers|" "$ETC/balancer.conf"
        ;;
    *) echo "usage: render.sh portal | upstream PORT | balancer HOST:PORT..." >&2; exit 2 ;;
esac
