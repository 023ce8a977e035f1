# shellcheck shell=bash
# What a person reads: one line a step, with what it did and how long it took.

readonly step_count=4
step_number=0
step_name=""
explained="" # not empty once the end of the set-up has been given a reason

# step NAME FUNCTION: runs the function; its last words go into the step's closing line.
step() {
    local name="$1" action="$2" start="${EPOCHREALTIME/./}"
    step_number=$((step_number + 1))
    step_name="$name"
    outcome=""
    "$action"
    printf '[%d/%d] %s: %s (%s)\n' "$step_number" "$step_count" "$name" "$outcome" "$(elapsed_since "$start")"
}

# progress TEXT…: what the running step does now.
progress() {
    printf '[%d/%d] %s: %s\n' "$step_number" "$step_count" "$step_name" "$*"
}

# fail SENTENCE…: ends the set-up.
fail() {
    explained=yes
    printf 'bootstrap: %s\n' "$*" >&2
    exit 1
}

# elapsed_since MICROSECONDS: "0.1 s", "12 s" or "3 min 4 s".
elapsed_since() {
    local milliseconds=$(((${EPOCHREALTIME/./} - $1) / 1000))
    local seconds=$((milliseconds / 1000))
    if ((seconds >= 60)); then
        printf '%d min %d s' $((seconds / 60)) $((seconds % 60))
    elif ((seconds >= 10)); then
        printf '%d s' "$seconds"
    else
        printf '%d.%d s' "$seconds" $((milliseconds % 1000 / 100))
    fi
}
