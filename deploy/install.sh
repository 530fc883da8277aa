#!/bin/sh
# Makes one Debian 12 or newer host serve the site; run again it only mends. As root, from a checkout of the version:
#   HOST=portal.example CERTIFICATE=/etc/ssl/portal.pem KEY=/etc/ssl/portal.key CONTACT_EMAIL=… sh deploy/install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" -eq 0 ] || { echo "Run as root." >&2; exit 1; }
: "${HOST:?the name of the site}" "${CERTIFICATE:?the file of the certificate with its chain}" "${KEY:?the file of its key}"
for file in "$CERTIFICATE" "$KEY"; do [ -r "$file" ] || { echo "$file is missing." >&2; exit 1; }; done
export HOST CERTIFICATE KEY

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends nginx postgresql postgresql-client redis-server python3 python3-venv curl \
    ca-certificates util-linux

id wpiforum >/dev/null 2>&1 || useradd --system --home-dir /var/lib/wpiforum --shell /usr/sbin/nologin wpiforum
# nginx reads the static files.
install -d -o wpiforum -g www-data -m 0750 /var/lib/wpiforum
install -d -o wpiforum -g wpiforum -m 0700 /var/backups/wpiforum
install -d -m 0755 /srv/wpiforum /srv/wpiforum/releases /etc/wpiforum
install -d -o www-data -m 0700 /var/cache/nginx /var/cache/nginx/wpiforum

as_postgres() { runuser -u postgres -- psql -v ON_ERROR_STOP=1 -qAt "$@"; }
[ -n "$(as_postgres -c "SELECT 1 FROM pg_roles WHERE rolname = 'wpiforum'")" ] || as_postgres -c "CREATE ROLE wpiforum LOGIN"
[ -n "$(as_postgres -c "SELECT 1 FROM pg_database WHERE datname = 'wpiforum'")" ] ||
    as_postgres -c "CREATE DATABASE wpiforum OWNER wpiforum ENCODING 'UTF8' TEMPLATE template0"

# Written once; what the operator changes in it stays.
if [ ! -e /etc/wpiforum/portal.env ]; then
    umask 077
    cat >/etc/wpiforum/portal.env <<EOF
SECRET_KEY='$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))')'
ALLOWED_HOSTS='$HOST'
SITE_ORIGIN='https://$HOST'
BEHIND_TLS_PROXY='1'
DATABASE_URL='postgres:///wpiforum?host=/var/run/postgresql'
REDIS_URL='redis://127.0.0.1:6379/0'
VAR_DIR='/var/lib/wpiforum'
CONTACT_EMAIL='${CONTACT_EMAIL:-}'
EMAIL_URL='${EMAIL_URL:-}'
EOF
    umask 022
fi
chown root:wpiforum /etc/wpiforum/portal.env
chmod 0640 /etc/wpiforum/portal.env

install -m 0644 "$here"/systemd/*.service "$here"/systemd/*.timer "$here"/systemd/*.mount /etc/systemd/system/
sh "$here/render.sh" portal
[ -e /etc/wpiforum/upstream.conf ] || sh "$here/render.sh" upstream 8001
ln -sf /etc/wpiforum/portal.conf /etc/nginx/sites-enabled/wpiforum.conf
rm -f /etc/nginx/sites-enabled/default
systemctl daemon-reload
systemctl enable --now var-cache-nginx-wpiforum.mount postgresql redis-server nginx
# Debian starts nginx when it is installed, before the mount was there.
systemctl restart nginx

version=$(date -u +%Y%m%d%H%M%S)
release=/srv/wpiforum/releases/$version
install -d "$release"
(cd "$here/.." && tar -cf - --exclude=./.venv --exclude=./var --exclude=./.git .) | tar -xf - -C "$release" --no-same-owner
(cd "$release" && sh bootstrap.sh requirements.txt)
sh "$release/deploy/release.sh" "$release"
chown -R wpiforum:www-data /var/lib/wpiforum
systemctl enable --now wpiforum-due.timer wpiforum-slow.timer wpiforum-backup.timer
echo "Now, once: the content and a first account, as in deploy/README.md."
