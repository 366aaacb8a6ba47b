# Everything that is done with this project, one word each.
#   make run       set up what is missing, start server and worker     make test      all tests
#   make demo      the same with a small sample archive                make check     style, types, arrows, words
#   make bench     measure, and write the table                        make pictures  every page as a picture
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run demo test check bench pictures lock words clean

PYTHON ?= python3
BIN := .venv/bin
DEBIAN := python3-venv tesseract-ocr tesseract-ocr-eng tesseract-ocr-chi-sim tesseract-ocr-osd fonts-lxgw-wenkai fonts-wqy-zenhei
DEBIAN_TEST := chromium fonts-noto-cjk openssl postgresql poppler-utils sane-utils sane-airscan
WORDS := $(wildcard templates/translations/*/LC_MESSAGES/messages.po)

run: .venv/run
	@exec $(BIN)/juanzong serve

demo: .venv/run
	@JUANZONG_DATA="$${JUANZONG_DATA:-.data-demo}" $(BIN)/juanzong demo --if-empty
	@JUANZONG_DATA="$${JUANZONG_DATA:-.data-demo}" exec $(BIN)/juanzong serve

test: .venv/test
	@$(BIN)/pytest -n 2

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_architecture.py tests/test_words.py

bench: .venv/test .bench/ocrmypdf/done
	@$(BIN)/python -m tests.bench

# The yardstick of the searchable PDFs, in an environment of its own.
.bench/ocrmypdf/done:
	@.ci/debian ghostscript
	@$(PYTHON) -m venv .bench/ocrmypdf
	@.bench/ocrmypdf/bin/pip install -q --disable-pip-version-check ocrmypdf==17.13.0
	@touch $@

pictures: .venv/test
	@$(BIN)/python -m tests.pictures

# The two locks that make set-up repeatable; run after a change of pyproject.toml.
lock: .venv/test
	$(BIN)/uv pip compile pyproject.toml --extra setup --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o .requirements.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q -c .requirements.lock -o .requirements-dev.lock

# Collects the sentences to translate; then fill in the empty ones.
words: .venv/test
	$(BIN)/pybabel -q extract -F templates/translations/babel.cfg -k lazy_gettext -k N_ --no-location --omit-header --sort-output -o .words.pot .
	$(BIN)/pybabel -q update -i .words.pot -d templates/translations -l zh --no-fuzzy-matching --omit-header --ignore-obsolete
	@rm .words.pot

.venv/run: .requirements.lock pyproject.toml $(WORDS)
	@.ci/debian $(DEBIAN)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: install it, then run: make PYTHON=python3.11")'
	@test -x $(BIN)/python || { echo "Setting up .venv …"; $(PYTHON) -m venv .venv; }
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r .requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/pybabel -q compile -f -d templates/translations
	@touch $@

.venv/test: .venv/run .requirements-dev.lock
	@.ci/debian $(DEBIAN_TEST)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r .requirements-dev.lock
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .bench .pictures *.egg-info
