# shellcheck shell=bash
# libllama, built from the llama.cpp that a pinned PyPI release carries.

readonly llama_requirement="llama-cpp-python==0.3.36"
readonly llama_archive="llama_cpp_python-0.3.36.tar.gz"
readonly llama_checksum="832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
readonly llama_folder="llama_cpp_python-0.3.36/vendor/llama.cpp"
readonly llama_build_room=900 # MB for the archive, pip's copies of it, sources and objects; measured 560
readonly llama_installed_room=30 # MB

llama_is_installed() {
    has_library llama
}

ensure_libllama() {
    if ! llama_is_installed; then
        require_writable "$PREFIX" "libllama is missing and goes to $PREFIX (or another PREFIX=…)"
        require_room "$PREFIX" "$llama_installed_room"
        open_work "$llama_build_room"
        download_llama
        configure_llama
        compile_llama
        install_llama
        close_work
        llama_is_installed || fail "libllama is installed in $PREFIX, but pkg-config does not find it."
    fi
    outcome="$(pkg-config --modversion llama) in $(pkg-config --variable=libdir llama)"
}

download_llama() {
    progress "downloading $llama_requirement from PyPI (77 MB)"
    # By name, never ':all:', which would build pip's own building tools from source as well.
    fetch "$llama_requirement" "$llama_archive" "$llama_checksum" --no-binary llama-cpp-python
    progress "unpacking"
    logged tar tar -xzf "$work/$llama_archive" -C "$work" "$llama_folder" ||
        fail_with_log tar "Could not unpack $llama_archive"
    rm -rf -- "${work:?}/$llama_archive" "$work/pip"
}

configure_llama() {
    progress "configuring"
    # The libraries find each other next to themselves, wherever PREFIX is.
    # shellcheck disable=SC2016 # $ORIGIN is the loader's
    logged cmake cmake -G Ninja -S "$work/$llama_folder" -B "$work/build" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$PREFIX" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_INSTALL_RPATH='$ORIGIN' -DBUILD_SHARED_LIBS=ON \
        -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF \
        -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_COMMON=OFF -DLLAMA_CURL=OFF -DGGML_NATIVE=ON -DGGML_RPC=ON ||
        fail_with_log cmake "Could not configure llama.cpp"
}

compile_llama() {
    progress "compiling (about 3 minutes on 2 cores)"
    interruptible compile_with_progress || fail_with_log ninja "Could not compile llama.cpp"
}

# Prints every tenth of the way that ninja reports as "[12/240] …"; all that it says goes to the log.
compile_with_progress() {
    set -o pipefail
    NINJA_STATUS='[%f/%t] ' ninja -C "$work/build" 2>&1 | tee "$work/ninja.log" | awk -F '[][/]' -v step="$step_name" \
        -v head="[$step_number/$step_count]" '
        /^\[[0-9]+\/[0-9]+\]/ && int(10 * $2 / $3) > tenths {
            tenths = int(10 * $2 / $3)
            printf "%s %s: compiled %d of %d\n", head, step, $2, $3
            fflush()
        }'
}

# Installs into a staging folder first, so that a lack of room shows before PREFIX is touched. llama.pc goes last, by
# rename, since it is what says that libllama is there; until then a failure takes away what was copied.
install_llama() {
    local staged="$work/staging$PREFIX"
    progress "installing into $PREFIX"
    DESTDIR="$work/staging" logged install cmake --install "$work/build" --strip ||
        fail_with_log install "Could not install llama.cpp into a staging folder"
    require_room "$PREFIX" "$llama_installed_room"
    mv -- "$staged/lib/pkgconfig/llama.pc" "$work/llama.pc"
    list_new_paths "$staged" >"$work/new-paths"
    undo_at_exit=(remove_new_paths)
    { copy_new_paths "$staged" && refresh_loader_cache && publish_llama; } ||
        fail "Could not install libllama in $PREFIX; check that you may write there and that there is room."
    undo_at_exit=()
}

# What the installation brings: all files, and those folders that PREFIX does not have yet; innermost first.
list_new_paths() {
    local path
    cd -- "$1"
    find . -mindepth 1 -depth -print0 | while IFS= read -r -d '' path; do
        if [[ ! -d $path || ! -e $PREFIX/$path ]]; then
            printf '%s\0' "$path"
        fi
    done
    cd -- "$OLDPWD"
}

copy_new_paths() {
    may_write "$PREFIX" mkdir -p -- "$PREFIX" || return
    tar -C "$1" --null --no-recursion --files-from "$work/new-paths" -cf - |
        may_write "$PREFIX" tar -C "$PREFIX" --no-same-owner -xf -
}

remove_new_paths() {
    (cd -- "$PREFIX" && may_write "$PREFIX" xargs -0 rm -f -d -- <"$work/new-paths") 2>/dev/null || true
}

# The loader looks up libraries in /usr and /usr/local by its cache alone. Elsewhere the Makefile sets an rpath.
refresh_loader_cache() {
    case "$PREFIX" in
    /usr | /usr/local) may_write /etc/ld.so.cache "$(command -v ldconfig || echo /sbin/ldconfig)" ;;
    esac
}

publish_llama() {
    local folder="$PREFIX/lib/pkgconfig"
    may_write "$PREFIX" install -D -m 644 -- "$work/llama.pc" "$folder/.llama.pc.new" || return
    may_write "$PREFIX" mv -f -- "$folder/.llama.pc.new" "$folder/llama.pc"
}
