#!/usr/bin/env bash
# Brings .venv to exactly what a lock file names: `scripts/bootstrap.sh runtime`, `encoder` or `dev`.
# Each lock holds everything of the one before, so `runtime` leaves a current dev environment as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
STAMP=.venv/.respite-lock
WANTED=${1:?"say runtime, encoder or dev"}

fail() { echo "respite: $*" >&2; exit 1; }

hash_of() { cat pyproject.toml "requirements/$1.lock" | sha256sum | cut -d' ' -f1; }

is_installed() { [ -x .venv/bin/respite ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$1 $(hash_of "$1")" ]; }

runs_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

# Prints a Python 3.10: the one uv knows, the one on PATH, or one that pyenv installed.
find_python() {
    local candidate
    candidate=$(command -v uv >/dev/null && uv python find --no-python-downloads 3.10 2>/dev/null || true)
    for candidate in "$candidate" python3.10 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python python3; do
        if [ -n "$candidate" ] && runs_310 "$candidate"; then "$candidate" -c 'import sys; print(sys.executable)'; return; fi
    done
    fail "no Python 3.10 found; install one with 'uv python install 3.10' or 'pyenv install 3.10' and run make again."
}

# Prints the uv to use: the one on PATH, else a pinned one in .tools.
find_uv() {
    if command -v uv; then return; fi
    if [ "$(.tools/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
        echo "Installing uv $UV_VERSION into .tools" >&2
        rm -rf .tools
        "$1" -m venv .tools >&2 || fail "could not make .tools; Debian needs the package python3.10-venv."
        .tools/bin/python -m pip install --quiet "uv==$UV_VERSION" >&2 || fail "could not install uv; is a package index reachable?"
    fi
    echo "$PWD/.tools/bin/uv"
}

install() {
    local python uv
    python=$(find_python)
    uv=$(find_uv "$python")
    export UV_PYTHON_DOWNLOADS=never
    runs_310 .venv/bin/python || { rm -rf .venv && "$uv" venv --quiet --python "$python" .venv; }
    echo "Installing the packages of requirements/$WANTED.lock"
    rm -f "$STAMP"
    VIRTUAL_ENV=$PWD/.venv "$uv" pip sync --quiet --require-hashes "requirements/$WANTED.lock" \
        || fail "installing requirements/$WANTED.lock failed; is a package index reachable?"
    VIRTUAL_ENV=$PWD/.venv "$uv" pip install --quiet --no-deps --no-build-isolation --editable . \
        || fail "installing the respite command failed."
    echo "$WANTED $(hash_of "$WANTED")" >"$STAMP"
}

case $WANTED in
    runtime) is_installed dev || is_installed encoder || is_installed runtime || install ;;
    encoder) is_installed dev || is_installed encoder || install ;;
    dev) is_installed dev || install ;;
    *) fail "unknown environment '$WANTED'; say runtime, encoder or dev." ;;
esac
