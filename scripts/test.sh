#!/usr/bin/env bash
# What `make test` and continuous integration run: install, build, train, then every check and every test.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

fail() { echo "respite: $*" >&2; exit 1; }

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

has_postgres() { command -v initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb"; }

has_font() { [ -n "${RESPITE_PDF_FONT:-}" ] || find /usr/share/fonts -name wqy-microhei.ttc 2>/dev/null | grep -q .; }

# Tests drive a real browser and a real PostgreSQL and read real PDFs; what they need comes from the system's packages.
install_system_packages() {
    local missing=() as_root=()
    has_chromium >/dev/null || missing+=(chromium)
    has_postgres >/dev/null || missing+=(postgresql)
    has_font || missing+=(fonts-wqy-microhei)
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    echo "Installing ${missing[*]}"
    quietly "${as_root[@]}" apt-get update && quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "${missing[@]}" \
        || fail "tests need ${missing[*]}; install them with your system's package manager and run 'make test' again."
}

scripts/bootstrap.sh dev || exit 1
install_system_packages
scripts/widget.sh || exit 1
scripts/stock_client.sh || exit 1
.venv/bin/python scripts/train.py || exit 1

static_checks
step "test stories" quietly .venv/bin/python -W ignore -m bot test core --e2e --model models/respite.tar.gz \
    --stories tests/stories --fail-on-prediction-errors --no-plot --out var/results

# Two halves at once, one for each core, about as long. What needs the launcher stays in front: bash lets what runs behind ignore
# Ctrl-C, and a test stops the launcher by it.
IN_FRONT=(tests/conversations tests/infra tests/widget tests/hardship tests/nlu)
rest=$(mktemp)
.venv/bin/python -m pytest -q --durations=20 "${IN_FRONT[@]/#/--ignore=}" >"$rest" 2>&1 &
rest_run=$!

ended() { wait "$1"; local code=$?; cat "$2"; rm -f "$2"; return $code; }

step "pytest: conversations, repository, chat page, rules, understanding" .venv/bin/python -m pytest -q --durations=20 "${IN_FRONT[@]}"
step "pytest: records, channels, faults" ended "$rest_run" "$rest"
finish
