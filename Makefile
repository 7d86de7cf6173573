# `make demo` grades a bundled class; `make test` runs the tests. Both install first, once.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ASSIGNMENT := 01-first-training

.PHONY: demo test slow browser lint format bench fuzz install release schema clean

demo: install
	@$(BIN)/python tests/corpus/make_class.py demo
	@cd demo && ../$(BIN)/autograder grade $(ASSIGNMENT)
	@echo "Open a report, such as demo/feedback/fermat/$(ASSIGNMENT)/$(ASSIGNMENT).html"

test: install
	$(BIN)/python -m pytest

slow: install
	$(BIN)/python -m pytest -m slow

browser: install
	$(BIN)/python -m pytest -m browser

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

bench: install
	$(BIN)/python tests/bench.py

fuzz: install
	$(BIN)/python tests/fuzz.py

release: install
	$(BIN)/autograder release

schema: install
	$(BIN)/autograder schema

clean:
	rm -rf .venv demo .release .fuzz .hypothesis .pytest_cache .mypy_cache .ruff_cache

install: .venv/.installed

# umask: the sandbox reads the packages as an ordinary user, also when root installs them
.venv/.installed: requirements.lock pyproject.toml
	@umask 022; $(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "ERROR This Python cannot make a virtual environment: it has no ensurepip."; \
	  echo "TIP   On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv (once; TensorFlow is large)"
	@umask 022; $(PYTHON) -m venv .venv
	@umask 022; $(PIP) install --require-hashes -r requirements.lock
	@umask 022; $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
