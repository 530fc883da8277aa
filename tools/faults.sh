#!/bin/sh
# Debian's nginx, PostgreSQL and Redis, for the tests that start their own.
set -eu
cd "$(dirname "$0")/.."
. tools/apt.sh
command -v nginx >/dev/null || apt nginx-light
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || apt postgresql
command -v redis-server >/dev/null || apt redis-server
