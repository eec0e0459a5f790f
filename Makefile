# The public face of the project: make setup | demo | test | check | bench
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
PORT ?= 8080

.PHONY: setup engines demo test check lint format types contracts bench soak lock

setup: $(VENV)/.ready
# The drivers of PostgreSQL, Redis and RabbitMQ, for those who run the hub on them.
engines: $(VENV)/.ready-engines
demo: setup
	exec $(BIN)/pim-bot demo --port $(PORT)
# Two files at a time, or four on a machine with more cores; one after the other: .venv/bin/python -m pytest
test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile
check: $(VENV)/.ready-dev format lint types contracts test

format: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
types: $(VENV)/.ready-dev
	$(BIN)/mypy
contracts: $(VENV)/.ready-dev
	$(BIN)/lint-imports
bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks
soak: $(VENV)/.ready-dev
	PIM_SOAK=1 $(BIN)/python -m pytest tests/endtoend tests/harness -k "kill or decisions" -s
	PIM_SOAK=1 $(BIN)/python -m pytest tests/unit tests/notifications
	PIM_SOAK=1 $(BIN)/python -m pytest tests/doors/test_fuzz.py
	$(BIN)/python -m tests.harness.soak --engine sqlite
	$(BIN)/python -m tests.harness.soak --engine postgresql
	$(BIN)/python -m tests.harness.soak --compare

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. Install it, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
# Hashes are checked for everything that is installed; the project itself comes from this folder.
$(VENV)/.ready: $(VENV)/bin/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps -e .
	@touch $@
$(VENV)/.ready-engines: $(VENV)/.ready requirements-engines.lock
	$(PIP) install --require-hashes -r requirements-engines.lock
	@touch $@
$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# After a change of pyproject.toml: the locks anew, for every supported Python, without any address.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: $(VENV)/.ready-dev
	$(LOCK) -o requirements.lock
	$(LOCK) --extra engines -c requirements.lock -o requirements-engines.lock
	$(LOCK) --extra dev -c requirements-engines.lock -o requirements-dev.lock
