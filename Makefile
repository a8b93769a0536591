# Everything a newcomer types. `make` alone lists it.

PORT ?= 8000
BROWSER ?= 1
MAILSERVER ?= 1
SAVES ?= 2000
PYTHON ?= python3

BIN := .venv/bin
CATALOGS := $(wildcard src/madoguchi/locale/*/LC_MESSAGES/django.po)
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
LOCK := $(BIN)/uv pip compile -q --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --python-version 3.11

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test check fix soak bench messages docs train lock clean

help:  ## this list
	@awk -F ':.*##' '/^[a-z]+:.*##/ { printf "  make %-10s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup  ## serve the demonstration desk on http://127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/madoguchi demo --if-empty
	@exec $(BIN)/madoguchi serve --port $(PORT)

setup: .venv/run.stamp .venv/package.stamp .venv/messages.stamp .venv/fonts.stamp  ## install what running needs

test: setup .venv/dev.stamp  ## all tests on SQLite, operations on PostgreSQL, journeys in a browser
ifneq ($(BROWSER),0)
	@$(BIN)/python -m tools.browser
ifneq ($(MAILSERVER),0)
	@$(BIN)/python -m tools.mailserver
endif
endif
	@BROWSER=$(BROWSER) MAILSERVER=$(MAILSERVER) $(BIN)/python tools/suites.py

check: setup .venv/dev.stamp  ## format, lint, templates, imports, types, migrations, messages, docs
	@PATH="$(CURDIR)/$(BIN):$$PATH" tools/check

fix: .venv/dev.stamp  ## mend by machine what can be mended
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

soak: setup .venv/dev.stamp  ## the long trials: 2,000 saves under kill -9 (SAVES=, SEED= change it)
	@SAVES=$(SAVES) $(BIN)/python -m pytest -q -s tests/web/test_killing.py

bench: setup  ## the benchmarks of bench/, one JSON line each
	@for file in $(sort $(wildcard bench/*.py)); do $(BIN)/python $$file || exit 1; done

messages: setup .venv/dev.stamp  ## bring the message catalogues up to date with the sources
	$(BIN)/python tools/messages.py update

docs: setup  ## write anew the reference pages that are made from the code
	$(BIN)/python tools/reference.py write
	$(BIN)/python tools/doors.py write

train: setup  ## learn anew from the training text how people say what happened
	$(BIN)/python tools/train.py write

lock:  ## resolve the dependencies anew into requirements/*.txt
	@test -x $(BIN)/uv || $(PIP) uv
	sed -n 's/^requires = \["\(.*\)"\]$$/\1/p' pyproject.toml | $(LOCK) - -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

clean:  ## forget caches and the environment; the data in var/ stays
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# -- what the above rest on: each made once, and again when what it is made from changes --

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Madoguchi needs Python 3.11 or newer. Install it, or name one: make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python has no venv. On Debian: apt-get install python3-venv" >&2; \
		exit 1; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/build.txt requirements/run.txt | .venv/bin/python
	@echo "installing what running needs (about a quarter of a minute)"
	@$(PIP) --require-hashes -r requirements/build.txt -r requirements/run.txt
	@touch $@

.venv/package.stamp: pyproject.toml .venv/run.stamp
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "installing what testing needs"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/messages.stamp: $(CATALOGS) tools/messages.py .venv/run.stamp
	@$(BIN)/python tools/messages.py compile
	@touch $@

.venv/fonts.stamp: tools/fonts.py | .venv/bin/python
	@$(BIN)/python -m tools.fonts
	@touch $@
