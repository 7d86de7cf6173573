# `make demo` grades a bundled class, `make test` runs the tests. Both install into .venv first, once.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# A test process for each core, at most 4; each file's tests stay in one, which keeps its fork server.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile
# A class of attackers, which keeps every core busy by itself.
BATCH := tests/hostile/test_hostile_batch.py

.PHONY: demo test slow fairness fairness-page causes agreement selftest browser lint format hub bench bench-page fuzz portability other-python install release schema lab clean

demo: install
	@$(BIN)/python -m tools.classes.demo demo
	@cd demo && ../$(BIN)/autograder grade
	@echo "Open a report, such as demo/feedback/fermat/01-first-training/01-first-training.html"
	@cd demo && ../$(BIN)/autograder report

test: install
	$(PYTEST)

# In the order of the files: the reordering would leave long files with few tests, such as the hub's, for the end.
slow: install
	$(PYTEST) --no-loadscope-reorder -m "slow and not fairness" --ignore $(BATCH)
	$(BIN)/python -m pytest -m slow $(BATCH)

# All answers that were written from the assignments' texts alone.
fairness: install
	$(PYTEST) -m "slow or not slow" tests/honest

# The figures of docs/fairness.md and README, from the kept trials.
fairness-page: install
	$(BIN)/python -m tools.fairness page

# How many of the corpora's one-mistake submissions are traced to the function that has the mistake.
causes: install
	$(BIN)/python -m tools.fairness causes

# For some assignments only: make agreement OF="01-first-training or 04-weight-steps"
agreement: install
	AGREEMENT=all $(BIN)/python -m pytest -m slow tests/nbgrader/test_agreement.py \
	  tests/honest/test_three_ways.py tests/sandbox/test_fast_fit.py -k "$(OF)"

selftest: install
	$(BIN)/autograder selftest --seeds 1

# A course on a real JupyterHub; `make slow` runs it too, once .hub is there.
hub: install .hub/.installed
	$(BIN)/python -m pytest -m slow tests/nbgrader/test_hub.py -rs

browser: install
	$(PYTEST) -m browser

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.typecheck_assignments
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

# Otter and pytest take the same time for each submission: theirs is extrapolated from 15.
BENCHED := autograder grade; autograder grade, one worker; floor; nbgrader autograde
bench: install .otter/.installed
	$(BIN)/python -m tools.bench run --sizes 15
	$(BIN)/python -m tools.bench run --sizes 60,200 --rivals "$(BENCHED)"
	$(BIN)/python -m tools.bench stages
	$(BIN)/python -m tools.bench page

bench-page: install
	$(BIN)/python -m tools.bench page

portability: install
	$(BIN)/python -m tools.machines.portability

# As root: the unit tests and a demo on a newer Debian's Python, unpacked into .other-python.
other-python:
	tools/machines/other_python.sh

fuzz: install
	$(BIN)/python -m tools.fuzz

release: install
	$(BIN)/autograder release

lab: install
	$(BIN)/autograder lab

schema: install
	$(BIN)/autograder schema

clean:
	rm -rf .venv .otter .cluster .hub .other-python demo lab .release .fuzz .hypothesis .pytest_cache .mypy_cache .ruff_cache

install: .venv/.installed

# umask: the sandbox reads the packages as an ordinary user, even if root installs them
.venv/.installed: requirements.lock pyproject.toml
	@umask 022; $(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "ERROR This Python cannot make a virtual environment: it has no ensurepip."; \
	  echo "TIP   On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv (once; TensorFlow is large)"
	@umask 022; $(PYTHON) -m venv .venv
	@umask 022; $(PIP) install --require-hashes -r requirements.lock
	@umask 022; $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# Otter, for `make bench`: in its own environment, which also sees the packages in .venv.
SITE := -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
.otter/.installed: .venv/.installed
	@echo "Installing Otter into .otter (once)"
	@$(BIN)/python -m venv .otter
	@echo "import site; site.addsitedir('$$($(BIN)/python $(SITE))')" > $$(.otter/bin/python $(SITE))/ours.pth
	@.otter/bin/python -m pip --disable-pip-version-check --quiet install otter-grader==7.0.0
	@touch $@

# What docs/cluster is tried with: dask-jobqueue, and the schemas of Kubernetes and of Dask's operator.
.cluster/.installed: .venv/.installed
	@echo "Installing dask-jobqueue and Kubernetes' schemas into .cluster (once)"
	@umask 022; $(BIN)/python -m venv .cluster
	@echo "import site; site.addsitedir('$$($(BIN)/python $(SITE))')" > $$(.cluster/bin/python $(SITE))/ours.pth
	@.cluster/bin/python -m pip --disable-pip-version-check --quiet install dask-jobqueue==0.9.0 kubernetes-validate==1.37.0
	@.cluster/bin/python -m pip --disable-pip-version-check --quiet install --no-deps dask-kubernetes==2026.3.0
	@touch $@

# JupyterHub, for `make hub`: as Otter, and with what Jupyter finds beside the packages in .venv.
.hub/.installed: .venv/.installed
	@echo "Installing JupyterHub into .hub (once)"
	@umask 022; $(BIN)/python -m venv .hub
	@umask 022; echo "import site; site.addsitedir('$$($(BIN)/python $(SITE))')" > $$(.hub/bin/python $(SITE))/ours.pth
	@umask 022; .hub/bin/python -m pip --disable-pip-version-check --quiet install jupyterhub==6.1.1
	@umask 022; .hub/bin/python -m pip --disable-pip-version-check --quiet install --no-deps ngshare_exchange==0.5.3
	@umask 022; $(BIN)/python -m venv .hub/ngshare  # of 2022: it needs an older SQLAlchemy
	@umask 022; echo "import site; site.addsitedir('$$(.hub/bin/python $(SITE))')" > $$(.hub/ngshare/bin/python $(SITE))/ours.pth
	@umask 022; .hub/ngshare/bin/python -m pip --disable-pip-version-check --quiet install --no-deps ngshare==0.6.0 SQLAlchemy==1.4.54 alembic==1.13.3
	@umask 022; npm install --prefix .hub --no-audit --no-fund --silent configurable-http-proxy@5.3.0
	@ln -sfn ../.venv/etc .hub/etc
	@ln -sfn ../../.venv/share/jupyter .hub/share/jupyter
	@ln -sfn ../../.venv/bin/alembic .hub/bin/alembic
	@touch $@
