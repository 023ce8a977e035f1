# shellcheck shell=bash
# System packages. What is missing is found by looking for the thing itself, so that a tool from elsewhere counts, too.

ensure_packages() {
    local missing=()
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} == 0)); then
        outcome="all there"
        return
    fi
    command -v apt-get >/dev/null ||
        fail "There is no apt-get here; install what Debian calls ${missing[*]} in this system's way, and run it again."
    require_root "Missing packages: ${missing[*]}"
    progress "installing ${missing[*]}"
    install_packages "${missing[@]}"
    local still_missing=()
    mapfile -t still_missing < <(missing_packages)
    ((${#still_missing[@]} == 0)) || fail "apt-get installed ${missing[*]}, but not found are still: ${still_missing[*]}."
    outcome="installed ${missing[*]}"
}

install_packages() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
    as_root "${apt[@]}" update -q -q ||
        fail "Cannot update the package lists; check the network, and run it again."
    as_root "${apt[@]}" install -y -q --no-install-recommends "$@" </dev/null ||
        fail "apt-get could not install $*; what it says is above."
}

# The Debian names of what is needed and not there, one a line. Building tools count only if there is something to build.
missing_packages() {
    need pkg-config has_command pkg-config
    need libyaml-dev has_library yaml-0.1
    need curl has_command curl
    need git has_command git
    need ca-certificates has_certificates
    if [[ -n ${FOR_TESTS:-} ]]; then # the editors and tools whose ways of saving are tested
        need vim has_command vim
        need perl has_command perl
        need emacs-nox has_command emacs
        need nano has_command nano
        need rsync has_command rsync
        need strace has_command strace
        need bindfs has_command bindfs
        # and the shells and the manual whose completions and pages are
        need zsh has_command zsh
        need fish has_command fish
        need mandoc has_command mandoc
        # and the validator that checks the JSON Schema
        need python3-jsonschema has_python_module jsonschema
    fi
    if ! llama_is_installed; then
        need cmake has_command cmake
        need ninja-build has_command ninja
        need g++ has_command c++ g++ "${CXX:-}"
    fi
    if ! llama_is_installed || ! model_is_installed; then
        need python3-pip find_python
    fi
}

# need PACKAGE PROBE…: prints the package if the probe fails.
need() {
    local package="$1"
    shift
    "$@" || printf '%s\n' "$package"
}

# has_command NAME…: whether one of the commands is there.
has_command() {
    local name
    for name in "$@"; do
        if [[ -n $name ]] && command -v "$name" >/dev/null; then
            return 0
        fi
    done
    return 1
}

# has_python_module NAME: whether the python3 that is found first can import it.
has_python_module() {
    has_command python3 && python3 -c "import $1" 2>/dev/null
}

has_library() {
    has_command pkg-config && pkg-config --exists "$1"
}

has_certificates() {
    [[ -e /etc/ssl/certs/ca-certificates.crt || -e /etc/pki/tls/certs/ca-bundle.crt || -e /etc/ssl/cert.pem ]]
}
