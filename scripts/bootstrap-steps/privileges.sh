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

# require_writable PATH REASON: fails now, not after minutes of work, if nothing could be written at or below the path.
require_writable() {
    [[ -w "$(nearest_existing "$1")" ]] || require_root "$2"
}

# require_root REASON: asks for sudo's password where it takes one, and fails if there is no way to become root.
require_root() {
    ((EUID == 0)) && return
    command -v sudo >/dev/null || fail "$1; that takes root, and there is no sudo. Run it again as root."
    sudo -v || fail "$1; that takes root, and sudo refuses. Run it again as root."
}

# as_root COMMAND…: runs a command as root, with sudo if that takes it.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo -- "$@"
    fi
}
