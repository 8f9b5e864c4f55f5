# RegDesk: every task starts here; `make help` lists them.
# Needs make and Python 3.11 or newer; everything else is installed into .venv.

# The first interpreter that runs (a version manager's shim may not), is new enough and can make a
# virtual environment. Override with PYTHON=...
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$python; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
WORKERS ?= 2

# Stamps carry the checksum of what they stand for: an unchanged list is not installed again, and a
# checkout that only touches the file's date costs nothing.
checksum = $(shell cat $(1) | cksum | cut -d' ' -f1)
RUNTIME := .venv/.runtime-$(call checksum,requirements.txt)
DEV := .venv/.dev-$(call checksum,requirements.txt requirements-dev.txt)

.DEFAULT_GOAL := help
.PHONY: help run test check format bench drill browser clean
.SUFFIXES:

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Start the desk on REGDESK_PORT (8501), with demo data when the database is empty
	@$(BIN)/python -m core init
	@$(BIN)/python -m core demo --if-empty
	@exec $(BIN)/python -m dashboard

test: check browser ## Check, then run the whole test suite on both databases and in a browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: $(DEV) ## Lint, formatting, directions of imports, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/mypy

format: $(DEV) ## Repair formatting and what the linter can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(DEV) ## Measure against the built-in data volumes; prints one table
	@$(BIN)/python -m tests.bench

drill: $(DEV) ## Replay hostile material of every kind and races; prints one table
	@$(BIN)/python -m tests.drill

# Without a browser the suite still runs: the journeys report themselves as skipped, by name.
browser: $(DEV)
	@$(BIN)/python -m tests.browser.driver && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-noto-cjk \
		|| echo 'The Debian package of Chromium could not be installed.'; \
	fi

clean: ## Remove build products and caches; never the data, nor the virtual environment
	rm -rf build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find core dashboard exports pages tests -name __pycache__ -prune -exec rm -rf {} +

# A half-made environment (of an interrupted first start) is made anew.
.venv/.made:
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		[ -n "$(PYTHON)" ] || { echo 'No Python 3.11 or newer with venv (on Debian: python3-venv).' >&2; exit 1; }; \
		echo 'Making .venv with $(PYTHON)'; \
		$(PYTHON) -m venv --clear .venv; }
	@touch $@

$(RUNTIME): | .venv/.made
	@echo 'Installing what the desk needs to run'
	@$(PIP) -r requirements.txt
	@rm -f .venv/.runtime-* && touch $@

# requirements-dev.txt includes requirements.txt.
$(DEV): | .venv/.made
	@echo 'Installing what the desk, its checks and its tests need'
	@$(PIP) -r requirements-dev.txt
	@rm -f .venv/.dev-* .venv/.runtime-* && touch $@ $(RUNTIME)
