# Everything a person or a CI job starts. A Python of 3.11 or newer is all it needs; the first target makes the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help audit test test-all check fix bench accuracy docs clean setup browser

SITE ?=
SPEC ?= specs/spaceotechnologies.com.yaml
ARGS ?=
PY := .venv/bin/python

# Sessions are cut off after this many seconds, so that nothing hangs in CI.
TEST_SECONDS := 1200

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo '  make audit SITE=https://example.org SPEC=specs/example.org.yaml ARGS="--headed"'

audit: browser ## audit the demo site, or SITE=https://… against SPEC=specs/….yaml; more options in ARGS="…"
ifeq ($(strip $(SITE)),)
	@.venv/bin/compliance demo --spec "$(SPEC)" $(ARGS)
else
	@.venv/bin/compliance run "$(SPEC)" --site "$(SITE)" $(ARGS)
endif

test: setup browser ## everything but the slow tests, in less than ten minutes
	@$(LINT)
	$(PY) -m pytest -n 2 --dist loadgroup --session-timeout $(TEST_SECONDS) $(ARGS)

test-all: setup browser ## every test
	@$(LINT)
	$(PY) -m pytest -n 2 --dist loadgroup -m "" $(ARGS)

check: setup ## style, types, layers, generated files up to date; no browser
	@$(LINT)
	$(PY) -m pytest -q -n 0 tests/architecture

fix: setup ## let ruff repair and format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup browser .venv/.bench ## measure the crawler against the bare browser and others
	$(PY) -m benchmarks $(ARGS)

accuracy: setup browser ## how often the checks are right, on a labelled table of pages; ARGS="--quick" for the small run
	$(PY) -m benchmarks accuracy $(ARGS)

docs: setup ## write the generated files anew: JSON Schemas, pages of checks, tables of the spec reference
	$(PY) -m compliance.specfile.schema > .venv/schema.json
	mv .venv/schema.json specs/spec.schema.json
	$(PY) -c 'import json; from compliance.report.run_json import schema; print(json.dumps(schema(), indent=2))' > .venv/schema.json
	mv .venv/schema.json docs/run.schema.json
	$(PY) -m compliance.checks._docs docs/checks
	$(PY) -m compliance.specfile.reference docs/spec.md

clean: ## remove caches, builds and .venv; audits under reports/ stay
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find compliance tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

setup: .venv/.ready

.venv/.ready: pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh
	@touch $@

.venv/.bench: .venv/.ready
	@scripts/setup.sh bench
	@touch $@

# Asked every time: it takes half a second, and a browser may have been removed since.
browser: .venv/.ready
	@$(PY) -m compliance.browser.install

define LINT
set -ex; $(PY) -m ruff check .; $(PY) -m ruff format --check .; $(PY) -m mypy; .venv/bin/lint-imports
endef
