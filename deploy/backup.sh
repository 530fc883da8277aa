#!/bin/sh
# One backup a night; keeps the last 14 and the first of each month for a year. Run by wpiforum-backup.timer.
set -eu
cd "$(dirname "$0")/.."
folder=${BACKUPS:-/var/backups/wpiforum}
python=${PYTHON:-.venv/bin/python}
name=$(date -u +%Y-%m-%d-%H%M%S)
"$python" manage.py backup "$folder/portal-$name.tar"
# Oldest first; the name orders by time.
month=
number=$(find "$folder" -maxdepth 1 -name 'portal-*.tar' | wc -l)
find "$folder" -maxdepth 1 -name 'portal-*.tar' | sort | while read -r file; do
    of=$(basename "$file" | cut -c8-14)
    if [ "$number" -gt 14 ]; then
        if [ "$of" = "$month" ] || [ -n "$(find "$file" -mtime +366)" ]; then rm "$file"; fi
    fi
    month=$of
    number=$((number - 1))
done
