# Sourced by the scripts beside it: apt PACKAGE... installs Debian packages, or says in one sentence why it cannot.
apt() {
    if ! command -v apt-get >/dev/null; then
        echo "Not a Debian system: install by hand what Debian calls $*." >&2
        return 1
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        # -n: a script without a terminal must fail rather than wait for a password.
        if ! sudo -n true 2>/dev/null; then
            echo "Installing needs root: run as root  apt-get install $*" >&2
            return 1
        fi
        as_root="sudo -n"
    fi
    echo "Installing $*" >&2
    $as_root apt-get update -qq >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 </dev/null
}
