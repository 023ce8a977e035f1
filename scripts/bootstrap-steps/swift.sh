# shellcheck shell=bash
# The one prerequisite.

check_swift() {
    local advice="miLLM Profiles needs Swift 6.2 or newer" version major minor
    command -v swift >/dev/null ||
        fail "$advice, and there is no 'swift' in PATH; get it from https://www.swift.org/install/linux/."
    version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)" || true
    [[ -n $version ]] || fail "$advice, and 'swift --version' does not say which one $(command -v swift) is."
    IFS=. read -r major minor _ <<<"$version"
    ((major > 6 || (major == 6 && ${minor:-0} >= 2))) ||
        fail "$advice, and $(command -v swift) is $version; get a newer one from https://www.swift.org/install/linux/."
    outcome="$version"
}
