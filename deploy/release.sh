#!/bin/sh
# Puts a new version beside the running one, switches nginx to it, and then stops the old one. No request is lost.
#   release.sh FOLDER     FOLDER holds the new version with its .venv (deploy/README.md)
#   release.sh --back     back to the version before, which is still there
# SYSTEMCTL, NGINX, ROOT, ETC and DRAIN exist for tests and other places.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
ROOT=${ROOT:-/srv/wpiforum}
ETC=${ETC:-/etc/wpiforum}
SYSTEMCTL=${SYSTEMCTL:-systemctl}
NGINX=${NGINX:-nginx}
DRAIN=${DRAIN:-35}
BLUE=${BLUE:-8001}
GREEN=${GREEN:-8002}
export ETC

# Two releases at once would switch each other off.
exec 9>"$ETC/release.lock"
flock -n 9 || { echo "Another release is running." >&2; exit 1; }

now=$(cat "$ETC/color" 2>/dev/null || echo none)
case $now in
    blue) next=green port=$GREEN ;;
    *) next=blue port=$BLUE ;;
esac

# The commands write as the service does, so that it owns what it writes; tests have no such user.
AS=
if [ "$(id -u)" -eq 0 ] && id wpiforum >/dev/null 2>&1; then AS="runuser -u wpiforum --"; fi
# shellcheck disable=SC1091,SC2086
manage() { (cd "$ROOT/$next" && set -a && . "$ETC/portal.env" && set +a && $AS .venv/bin/python manage.py "$@"); }

# shellcheck disable=SC1091
ready() {
    host=$(. "$ETC/portal.env" && echo "${ALLOWED_HOSTS%%,*}")
    tries=0
    until curl -sf -o /dev/null -H "Host: $host" "http://127.0.0.1:$port/readyz"; do
        tries=$((tries + 1))
        [ "$tries" -lt 120 ] || return 1
        sleep 0.5
    done
}

if [ "${1:-}" = --back ]; then
    [ -e "$ROOT/$next" ] || { echo "There is no version before." >&2; exit 1; }
else
    folder=$(cd "${1:?FOLDER of the new version}" && pwd)
    [ -x "$folder/.venv/bin/python" ] || { echo "$folder has no .venv: run bootstrap.sh requirements.txt there." >&2; exit 1; }
    ln -sfn "$folder" "$ROOT/$next"
    manage check --deploy --fail-level ERROR
    # Catalogues lie in the version itself, which the service may not write.
    (cd "$folder" && SECRET_KEY=unused DATABASE_URL=sqlite:///:memory: .venv/bin/python manage.py check_messages --compile)
    # Old names stay beside the new ones, since pages of the old version still ask for them.
    manage collectstatic --no-input --verbosity 0
    # Runs beside the old version: `make lint-migrations` refuses what that would not survive.
    manage migrate --no-input
fi

echo "PORT=$port" >"$ETC/$next.env"
$SYSTEMCTL restart "wpiforum@$next.service"
if ! ready; then
    $SYSTEMCTL stop "wpiforum@$next.service"
    echo "The new version does not become ready; the old one goes on serving. journalctl -u wpiforum@$next" >&2
    exit 1
fi
sh "$here/render.sh" upstream "$port"
if ! $NGINX -t -q || ! $NGINX -s reload; then
    echo "nginx does not take the new configuration; both versions run. See nginx -t." >&2
    exit 1
fi
echo "$next" >"$ETC/color"
ln -sfn "$(readlink -f "$ROOT/$next")" "$ROOT/current"
$SYSTEMCTL enable "wpiforum@$next.service"
if [ "$now" != none ]; then
    # nginx's old processes finish what they have begun; no request takes longer than this.
    sleep "$DRAIN"
    $SYSTEMCTL disable --now "wpiforum@$now.service"
fi
echo "Serving $(readlink -f "$ROOT/$next") ($next, port $port)."
