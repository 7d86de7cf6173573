# Two commands do everything: `make demo` and `make test`. Both install first, once.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: test lint format install

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	umask 022; $(PYTHON) -m venv .venv || { echo "ERROR Python cannot make a virtual environment here."; \
	  echo "TIP   Debian: apt-get install python3-venv"; exit 1; }
	umask 022; $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	umask 022; $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .
