#!/bin/sh
# Debian's nginx and wrk, for the benchmarks; they start nginx themselves, with a configuration of their own.
set -eu
cd "$(dirname "$0")/.."
. tools/apt.sh
command -v nginx >/dev/null || apt nginx-light
command -v wrk >/dev/null || apt wrk
