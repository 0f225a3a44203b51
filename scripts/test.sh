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

run_tests() { .venv/bin/python -m pytest -q --durations=20 "$@"; }

# behind COMMAND...: begins it beside what follows; `ended` with $begun and $output waits for it and shows what it wrote.
behind() {
    output=$(mktemp)
    "$@" >"$output" 2>&1 &
    begun=$!
}

ended() { wait "$1"; local code=$?; cat "$2"; rm -f "$2"; return $code; }

# What needs the launcher stays in front: bash lets what runs behind ignore Ctrl-C, and a test stops the launcher by it.
NO_BOT=(tests/casestore tests/hardship tests/actions tests/cli)
IN_FRONT=(tests/conversations tests/infra tests/widget tests/nlu)

scripts/bootstrap.sh dev || exit 1
install_system_packages
trap 'kill $(jobs -p) 2>/dev/null' EXIT

# Beside the training runs what needs no trained bot, and beside the conversations all other tests: many of them wait for something.
behind .venv/bin/python scripts/train.py
training=("$begun" "$output")
behind run_tests "${NO_BOT[@]}"
no_bot=("$begun" "$output")
scripts/widget.sh || exit 1
scripts/stock_client.sh || exit 1
static_checks
step "training" ended "${training[@]}"
[[ " ${FAILED[*]} " != *" training "* ]] || { finish; exit 1; }

behind run_tests "${NO_BOT[@]/#/--ignore=}" "${IN_FRONT[@]/#/--ignore=}"
rest=("$begun" "$output")
step "test stories" quietly .venv/bin/python -W ignore -m bot test core --e2e --model models/respite.tar.gz \
    --stories tests/stories --fail-on-prediction-errors --no-plot --out var/results
step "pytest: conversations, repository, chat page, understanding" run_tests "${IN_FRONT[@]}"
step "pytest: records, rules, actions, commands" ended "${no_bot[@]}"
step "pytest: channels, faults, fuzz" ended "${rest[@]}"
finish
