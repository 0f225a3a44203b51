#!/usr/bin/env bash
# Writes requirements/{runtime,encoder,dev,audit}.lock from their .in files, or with --check fails when they are not current.
# Versions already locked are kept unless --upgrade is given. No index address is written, so any mirror can
# serve the packages. Each lock may only add to the one before, never differ from it.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || echo .tools/bin/uv)

# compile NAME FOLDER [OPTION...]: resolves requirements/NAME.in into FOLDER, preferring the versions there.
compile() {
    local name=$1 folder=$2
    shift 2
    "$uv" pip compile --quiet --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make lock" "requirements/$name.in" --output-file "$folder/$name.lock" "$@"
}

compile_all() {
    local folder=$1
    shift
    compile runtime "$folder" "$@"
    compile encoder "$folder" --constraint requirements/runtime.lock "$@"
    compile dev "$folder" --constraint requirements/encoder.lock "$@"
    # Installed apart from the others, so it may differ from them.
    compile audit "$folder" "$@"
}

check() {
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    cp requirements/*.lock "$copy"
    compile_all "$copy"
    for name in runtime encoder dev audit; do
        if ! diff "requirements/$name.lock" "$copy/$name.lock" >&2; then
            echo "requirements/$name.lock is not current; run 'make lock' and commit it." >&2
            exit 1
        fi
    done
}

if [ "${1:-}" = --check ]; then check; else compile_all requirements "$@"; fi
