# shellcheck shell=bash
# The temporary folder, the commands that run in it, and what happens to both when the set-up ends early.

work=""         # the temporary folder, once there is one
running=""      # process group of the command under way
undo_at_exit=() # a command to run if the set-up ends before it is taken out again

# Removes everything temporary however the set-up ends.
clean_up_at_exit() {
    trap clean_up EXIT
    trap 'interrupted 129' HUP
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
}

clean_up() {
    local status=$?
    trap '' HUP INT TERM
    if [[ -n $running ]]; then
        kill -TERM -- "-$running" 2>/dev/null || true
        wait "$running" 2>/dev/null || true
    fi
    if ((${#undo_at_exit[@]} > 0)); then
        "${undo_at_exit[@]}"
    fi
    if [[ -n $work ]]; then
        rm -rf -- "$work"
    fi
    if ((status != 0)) && [[ -z $explained ]]; then
        printf 'bootstrap: %s: the command whose message is above failed; mend that and run it again.\n' "$step_name" >&2
    fi
}

interrupted() {
    explained=yes
    printf '\nbootstrap: interrupted; run it again to go on.\n' >&2
    exit "$1"
}

# open_work MEGABYTES: makes the temporary folder on a disk with that much room.
open_work() {
    local parent="${TMPDIR:-/tmp}"
    require_room "$parent" "$1" "; set TMPDIR to a folder with more"
    work="$(mktemp -d -- "$parent/millm-bootstrap.XXXXXX")" ||
        fail "Cannot make a temporary folder in '$parent'; set TMPDIR to one where you may write."
}

close_work() {
    rm -rf -- "$work"
    work=""
}

# logged NAME COMMAND…: runs a command of some length; its output goes to NAME.log in the temporary folder.
logged() {
    local log="$work/$1.log"
    shift
    interruptible "$@" >"$log" 2>&1
}

# interruptible COMMAND…: runs a command in a process group of its own, so that all of it can be ended with the set-up.
interruptible() {
    local status=0
    set -m
    "$@" </dev/null &
    running=$!
    set +m
    wait "$running" || status=$?
    running=""
    return "$status"
}

# fail_with_log NAME WHAT [ADVICE]: keeps the log of a failed command, and ends the set-up with its reason.
fail_with_log() {
    local log="$work/$1.log" kept
    kept="${TMPDIR:-/tmp}/millm-bootstrap-$1-$$.log"
    if is_full "$work" || grep -qi 'no space left on device' "$log"; then
        fail "$2: the disk of '${TMPDIR:-/tmp}' is full; make room or set TMPDIR, and run it again."
    fi
    mv -f -- "$log" "$kept" || fail "$2."
    grep -v '^ *$' -- "$kept" | tail -n 3 | cut -c 1-160 | sed 's/^/    | /' >&2 || true
    fail "$2${3:+; $3}. The log is $kept."
}
