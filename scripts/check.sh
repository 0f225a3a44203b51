#!/usr/bin/env bash
# Every check that runs no conversation. All run even if one fails; the exit code tells whether any did.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

static_checks
step "repository" .venv/bin/python -m pytest -q tests/infra
finish
