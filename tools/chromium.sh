#!/bin/sh
# Installs Debian's Chromium and a Japanese font (without one every character is drawn as a box) where missing.
# CHROMIUM=chromium takes the whole browser; without it the headless one, whose fresh profiles open faster.
set -eu
. "$(dirname "$0")/apt.sh"

missing=
browser=${CHROMIUM:-chromium-headless-shell}
command -v "$browser" >/dev/null || missing=$(basename "$browser")
{ command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ja)" ]; } || missing="$missing fonts-noto-cjk fontconfig"
[ -z "$missing" ] || apt $missing
