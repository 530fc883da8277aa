# Sourced by .ci/run and .ci/full: part NAME COMMAND... runs one part, summary prints them all and returns 1 if any failed.

# Nothing may wait for a person, and nothing may depend on settings of the caller.
exec </dev/null
unset DATABASE_URL DJANGO_SETTINGS_MODULE SECRET_KEY ALLOWED_HOSTS SITE_ORIGIN LOCAL_HTTP DEBUG VAR_DIR

# npm and pip-audit bring certificates of their own; behind a proxy that inspects, only the machine's know its sender.
certificates=/etc/ssl/certs/ca-certificates.crt
if [ -f "$certificates" ]; then
    export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$certificates} REQUESTS_CA_BUNDLE=${REQUESTS_CA_BUNDLE:-$certificates}
fi

lines=()
failed=0

part() {
    local name=$1 began=$SECONDS result=passed
    shift
    remark=
    printf '\n=== %s\n' "$name"
    if ! "$@"; then
        result=FAILED
        failed=$((failed + 1))
    fi
    lines+=("$(printf '%-7s %4d s  %s' "$result" $((SECONDS - began)) "$name${remark:+ ($remark)}")")
}

summary() {
    printf '\n=== Summary\n'
    printf '%s\n' "${lines[@]}"
    echo "${#lines[@]} parts, $failed failed, $SECONDS s"
    [ "$failed" -eq 0 ]
}

# A real browser on a busy machine may miss a moment: what failed is tried once more, and the summary says so.
in_chromium() {
    sh tools/chromium.sh || return 1
    make browser && return 0
    echo "Once more, the tests that failed:"
    make browser ARGS=--last-failed && remark="passed at the second try"
}
