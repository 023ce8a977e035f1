# shellcheck shell=bash
# Room on disks.

# free_megabytes PATH: the room on the disk of a path, which need not exist yet.
free_megabytes() {
    local free
    free="$(df --output=avail --block-size=1M -- "$(nearest_existing "$1")" | tail -n 1)"
    printf '%d\n' "$free"
}

is_full() {
    (($(free_megabytes "$1") < 10))
}

# require_room PATH MEGABYTES [ADVICE]: fails if the disk of the path has less room.
require_room() {
    local free
    free="$(free_megabytes "$1")"
    ((free >= $2)) ||
        fail "$step_name needs $2 MB in '$1', where $free MB are free${3:-; make room and run it again}."
}

# nearest_existing PATH: the path, or the nearest folder above it that exists.
nearest_existing() {
    local path="$1"
    while [[ ! -e $path ]]; do
        path="$(dirname -- "$path")"
    done
    printf '%s\n' "$path"
}
