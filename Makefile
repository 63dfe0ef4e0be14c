# Two commands: `make run` serves the sample shop, `make test` checks everything. Only Python 3.11+ and make are needed.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint .constraints.txt

.PHONY: run test lint types contracts clean lock

run: $(INSTALLED)
	@$(BIN)/aisle kb build --activate
	@$(BIN)/aisle serve --port $(PORT)

test: $(INSTALLED_DEV)
	@$(BIN)/python tests/everything.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"got Python {sys.version.split()[0]}, wanted 3.11 or newer: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV)

# torch first and by itself, so that a CPU build is taken where pip is offered one.
$(INSTALLED): pyproject.toml .constraints.txt | $(BIN)/python
	@echo "Installing dependencies into $(VENV) (a few minutes the first time)"
	@$(PIP) torch==2.13.0
	@$(PIP) --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@$(PIP) --editable '.[dev]'
	@touch $@

# The exact versions of everything, for builds that repeat.
lock: $(INSTALLED_DEV)
	@$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//' > .constraints.txt

clean:
	@rm -rf $(VENV) .aisle node_modules web/node_modules
