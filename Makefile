# Respite's commands. `make help` lists them. They need git, make and a Python 3.10 that uv or pyenv can find.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
DEMO ?= --demo

# A sentence encoder (docs/nlu.md) is off unless given: make train ENCODER=<directory or hub name>
ENCODER ?= $(RESPITE_ENCODER)
ENCODER_PREFIX ?= $(RESPITE_ENCODER_PREFIX)
export RESPITE_ENCODER := $(ENCODER)
export RESPITE_ENCODER_PREFIX := $(ENCODER_PREFIX)

# Some containers forbid Python to keep compiled modules: then each start of a server compiles Rasa's libraries, 20 s.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run shell test check audit train nlu-report widget bench lock clean runtime dev

help: ## Say what each command does.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: runtime widget train ## Start the bot with demo accounts and print the address of the chat page.
	@exec $(BIN)/respite run $(DEMO)

shell: runtime train ## Talk to the same bot in this terminal.
	@exec $(BIN)/respite shell $(DEMO)

test: ## Install what tests need, then run every check and test.
	@scripts/test.sh

check: dev train ## Run linters, type checks, import rules, data validation, and the checks of the locks.
	@scripts/check.sh

audit: dev ## Look up published weaknesses of everything that the locks pin.
	@scripts/audit.sh

train: runtime ## Train the bot if what it learns from has changed (ENCODER=<directory or hub name> adds an encoder).
	@$(BIN)/python scripts/train.py

nlu-report: dev train ## Show how well the bot reads the development set (CURVE=1 adds a learning curve).
	@.venv/bin/python -W ignore scripts/nlu_report.py $(if $(CURVE),--curve)

widget: runtime ## Build the chat widget if its sources have changed.
	@scripts/widget.sh

bench: dev train ## Measure speed and memory beside Rasa's own starter bot.
	@$(BIN)/python -m tests.benchmarks

lock: dev ## Write the lock files again from requirements/*.in.
	@scripts/lock.sh

clean: ## Remove everything that make built, and keep the case store in var/.
	@rm -rf .venv .tools .rasa models results bot/widget/dist bot/widget/node_modules *.egg-info
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Not listed by help: what the commands above stand on.
runtime:
	@scripts/bootstrap.sh $(if $(ENCODER),encoder,runtime)

dev:
	@scripts/bootstrap.sh dev
