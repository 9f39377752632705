# Everything on a fresh machine that has Python 3.11+, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LINT := .venv-lint/bin
RUN_HOME := .home

.PHONY: run test lint types imports clean

run: $(VENV)/.installed
	test -f $(RUN_HOME)/sample.json || $(BIN)/giljabi --home $(RUN_HOME) init --sample
	$(BIN)/giljabi --home $(RUN_HOME) serve --host 127.0.0.1 --port 8000

# What the program needs, and no more.
$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -c constraints.txt -e .
	touch $@

# What its tests need beside that.
$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/pip install -q -c constraints.txt -e '.[test]'
	touch $@

.venv-lint/.installed: pyproject.toml
	test -x $(LINT)/python || $(PYTHON) -m venv .venv-lint
	$(LINT)/pip install -q 'ruff==0.17.6' 'mypy==2.4.1' 'import-linter==2.17' 'types-PyYAML==6.0.12.20261113'
	touch $@

test: $(VENV)/.tested
	$(BIN)/python -m pytest

lint: .venv-lint/.installed
	$(LINT)/ruff check .

types: .venv-lint/.installed $(VENV)/.installed
	$(LINT)/mypy --python-executable $(BIN)/python

imports: .venv-lint/.installed
	PYTHONPATH=. $(LINT)/lint-imports

clean:
	rm -rf .venv .venv-lint build dist *.egg-info
