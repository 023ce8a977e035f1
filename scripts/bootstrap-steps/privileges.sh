# shellcheck shell=bash
# Writing where the user may not.

# may_write PATH COMMAND…: runs a command that writes at or below the path, with sudo if that takes it.
may_write() {
    local path
    path="$(nearest_existing "$1")"
    shift
    if [[ -w $path ]]; then
        "$@"
    else
        as_root "$@"
    fi
}

# as_root COMMAND…: runs a command as root, with sudo if that takes it.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        printf 'bootstrap: this takes root, and there is no sudo: %s\n' "$*" >&2
        return 1
    fi
}
