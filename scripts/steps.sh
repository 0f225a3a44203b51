# Sourced by check.sh and test.sh: runs named steps, goes on after a failure, and tells at the end which failed.
FAILED=()
STARTED=$SECONDS

export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2} OPENBLAS_NUM_THREADS=1 TF_INTRA_OP_PARALLELISM_THREADS=2 TF_INTER_OP_PARALLELISM_THREADS=2

# endpoints.yml names these; `rasa test` reads the file but runs no action.
export RESPITE_ACTION_URL=http://127.0.0.1:5055/webhook RESPITE_ACTION_TOKEN=unused

# step NAME COMMAND...: runs the command and remembers its failure.
step() {
    local name=$1 began=$SECONDS
    shift
    echo "== $name"
    if "$@"; then echo "== $name: ok ($((SECONDS - began)) s)"; else
        echo "== $name: FAILED ($((SECONDS - began)) s)"
        FAILED+=("$name")
    fi
}

# quietly COMMAND...: shows the command's output only if it fails.
quietly() {
    local output
    output=$(mktemp)
    if "$@" >"$output" 2>&1; then rm -f "$output"; return 0; fi
    cat "$output"
    rm -f "$output"
    return 1
}

# static_checks: everything that needs neither a model nor a running bot, apart from tests/infra.
static_checks() {
    step "ruff" .venv/bin/ruff check .
    step "mypy" .venv/bin/mypy
    step "import rules" .venv/bin/lint-imports
    step "training data" quietly .venv/bin/python -W ignore -m bot data validate \
        --domain domain.yml --data data --fail-on-warnings
    step "lock files" scripts/lock.sh --check
    step "known weaknesses" scripts/audit.sh
}

# finish: the summary, and a failure if any step failed.
finish() {
    echo
    if [ ${#FAILED[@]} -eq 0 ]; then echo "All steps passed in $((SECONDS - STARTED)) s."; return 0; fi
    printf 'Failed: %s\n' "${FAILED[@]}"
    return 1
}
