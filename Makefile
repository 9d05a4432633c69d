# `make report` and `make test` set up everything they need; the rest is for whoever changes things.
PYTHON ?= python3
YEAR ?=
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup report test docs proofs validate validate-full validated lint format lab lock benchmark benchmark-linkage clean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(READY)  ## set everything up and do nothing else

report: $(READY)  ## build the newest report (or YEAR=2024) in reports/<year>/
	$(BIN)/pio report $(if $(YEAR),--year $(YEAR))

test: $(READY) lint  ## lint, types and all tests
	$(BIN)/python -m pytest

proofs: $(READY)  ## slow proofs (minutes)
	$(BIN)/python -m pytest -m slow -n 0 -rP

validate: $(READY)  ## try every estimator in 22 worlds of known truth, 300 times each (some ten minutes)
	$(BIN)/python -m analysis.validation --draws 300 --record build/validation.json

validate-full: $(READY)  ## the same 2,000 times each (over an hour); writes the record that the report prints
	$(BIN)/python -m analysis.validation --draws 2000 --record data/raw/validation/full.json

validated: $(READY)  ## write docs/validation.md: published numbers beside ours
	$(BIN)/python -m tests.validated

docs: $(READY)  ## write docs/indicators: a page for every family of indicators
	$(BIN)/python -m tests.documented $(LEDGER)

lint: $(READY)  ## format, lint and types, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)  ## format and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: $(READY)  ## open JupyterLab on your own copy of notebooks/explore.ipynb (or YEAR=2024)
	$(BIN)/pio lab $(if $(YEAR),--year $(YEAR))

benchmark-linkage: $(READY)  ## measure the linkage of winners on labelled cases (some twenty minutes)
	$(BIN)/python benchmarks/link_winners.py

benchmark: $(READY)  ## read a package of notices against a bare XML parse: make benchmark PACKAGE=...
	$(BIN)/python benchmarks/read_notices.py $(PACKAGE)

lock:  ## renew requirements.lock (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--group test --group build pyproject.toml --upgrade -o requirements.lock

clean:  ## remove what was built (the received files in .pio stay)
	rm -rf .venv build reports/[0-9]* .pytest_cache .mypy_cache .ruff_cache .hypothesis

# uv where it is there, else Python's own venv and pip: the same locked files either way.
$(READY): requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python $(PYTHON) .venv && \
		uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock && \
		uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e . ; \
	else \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python -m compileall -q src
	@touch $@
