# `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

.PHONY: demo
demo: setup dashboard ## a simulated terminal, live in the browser; Ctrl-C stops everything
	@$(BIN)/quaystream up --simulate demo --backfill 6h

# Compiled modules are kept, also where the environment forbids it: compiling takes each process 2 s. They are kept
# beside the sources, where pip has put those of packages: in a folder of their own each process compiled these again.
# Plugins of other packages (trio) for Hypothesis are not loaded.
TESTING := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX= HYPOTHESIS_NO_PLUGINS=1 $(BIN)/python

.PHONY: test
test: setup-dev dashboard ## all tests, with a real broker, a real database and, where Chromium is, a real browser
	@$(TESTING) -m pytest -n $(or $(WORKERS),2) --dist loadfile $(ARGS)

.PHONY: test-unit
test-unit: setup-dev ## only the tests without I/O, in seconds
	@$(TESTING) -m pytest -q -n $(or $(WORKERS),2) --dist loadfile tests/unit $(ARGS)

.PHONY: test-long
test-long: setup-dev ## the same with many more examples, seeds and hours; minutes
	@QUAYSTREAM_TEST_LONG=1 $(TESTING) -m pytest -q -n $(or $(WORKERS),2) --dist load tests/unit $(ARGS)

.PHONY: check
check: setup-dev dashboard ## lint, format, types, layers, the dashboard's types, documents generated = committed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m api.dashboard.build --check
	@$(BIN)/python -m docs.generate --check

.PHONY: docs
docs: setup-dev ## generate the documents that come from tables in the code
	@$(BIN)/python -m docs.generate
	@$(BIN)/python -m api.dashboard.build --types

.PHONY: sbom
sbom: setup-dev ## what the product is made of, as CycloneDX: Python, npm and Debian packages; into build/sbom
	@$(BIN)/python -m docs.sbom

.PHONY: bench
bench: setup-dev dashboard ## durable ingest beside a bare subscriber, in one run; results in bench/results; ARGS=--short
	@$(BIN)/python -m bench $(ARGS)

.PHONY: truth
truth: setup-dev ## run a preset live and compare every detected fact with what really happened; ARGS="--minutes 10"
	@$(BIN)/python -m bench.truth $(ARGS)

.PHONY: score
score: setup-dev ## the detectors beside the truth of ten simulated days, clean and with all faults; 30 minutes
	@$(BIN)/python -m bench.score $(ARGS)

.PHONY: faults
faults: setup-dev ## break worker, broker, database and network, count what is lost; ARGS="--only A1,B2", ARGS=--long
	@$(BIN)/python -m tests.faults $(ARGS)

.PHONY: screenshots
screenshots: setup-dev ## pictures of every page of the running stack, at a desk and on a phone; into build/screenshots
	@$(BIN)/python -m bench.page.screenshots $(ARGS)

.PHONY: setup
setup:
	@$(PYTHON) infra/bootstrap.py runtime

.PHONY: setup-dev
setup-dev:
	@$(PYTHON) infra/bootstrap.py dev

.PHONY: dashboard
dashboard: setup ## build the page if its sources changed
	@$(BIN)/python -m api.dashboard.build

.PHONY: lock
lock: setup-dev ## renew the lock files from pyproject.toml
	@for kind in runtime dev; do \
	  extra=$$([ $$kind = dev ] && echo "--extra dev"); \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra build $$extra pyproject.toml -o infra/locks/$$kind.txt; done

.PHONY: clean
clean: ## remove what was built and the demo's data; the cache of programs stays
	find . -name __pycache__ -not -path "./.venv/*" -prune -exec rm -r {} +
	rm -rf .venv build .quaystream api/dashboard/dist api/dashboard/node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache
