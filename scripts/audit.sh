#!/usr/bin/env bash
# Looks up published weaknesses of everything that the locks pin; see scripts/audit.py. `--prepare` only installs what it takes:
# pip-audit, in an environment of its own, for it wants newer packages than rasa allows.
set -euo pipefail
cd "$(dirname "$0")/.."

STAMP=.tools/audit/.lock
uv=$(command -v uv || echo .tools/bin/uv)
wanted=$(sha256sum <requirements/audit.lock | cut -d' ' -f1)

if [ "$(cat "$STAMP" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing the packages of requirements/audit.lock into .tools/audit"
    rm -rf .tools/audit
    "$uv" venv --quiet --python .venv/bin/python .tools/audit
    VIRTUAL_ENV=$PWD/.tools/audit "$uv" pip sync --quiet --require-hashes requirements/audit.lock
    echo "$wanted" >"$STAMP"
fi
if [ "${1:-}" != --prepare ]; then exec .venv/bin/python scripts/audit.py; fi
