#!/bin/sh
# Installs Debian's Chromium and a Japanese font (without one every character is drawn as a box) where missing.
set -eu
. "$(dirname "$0")/apt.sh"

missing=
command -v "${CHROMIUM:-chromium}" >/dev/null || missing=chromium
{ command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ja)" ]; } || missing="$missing fonts-noto-cjk fontconfig"
[ -z "$missing" ] || apt $missing
