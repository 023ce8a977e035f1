# shellcheck shell=bash
# Files from PyPI, fetched by pip, which knows the machine's mirrors, proxies and certificates.

python="" # an interpreter that has pip, once it is known

# Sets `python`; fails if there is none.
find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3; do
        if "$candidate" -m pip --version >/dev/null 2>&1; then
            python="$candidate"
            return 0
        fi
    done
    return 1
}

# fetch REQUIREMENT FILE SHA256 PIP-OPTION…: downloads a release into the temporary folder and checks it.
fetch() {
    local requirement="$1" file="$work/$2" checksum="$3" actual
    shift 3
    find_python || fail "There is no pip to download $requirement with."
    mkdir -p -- "$work/pip"
    interruptible run_pip download --no-deps --no-cache-dir --no-input --disable-pip-version-check \
        --dest "$work" "$@" "$requirement" 3>&1 ||
        fail_with_log pip "Could not download $requirement from PyPI" "check the network and run it again"
    actual="$(sha256sum -- "$file" | cut -d ' ' -f 1)"
    [[ $actual == "$checksum" ]] ||
        fail "$2 has the SHA-256 $actual instead of $checksum, and was thrown away; is a mirror or proxy in between?"
}

# run_pip ARGUMENT…: its output goes to descriptor 3, where it draws a progress bar if that is a terminal, its errors to
# the log. Everything that pip keeps goes below the temporary folder, and away with it. The log is written when pip
# has given back its room, so that it can still say that the disk was full.
run_pip() {
    set -o pipefail
    TMPDIR="$work/pip" "$python" -m pip "$@" 2>&1 >&3 | tail -n 1000 >"$work/pip.log"
}
