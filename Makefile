# Thin on purpose: each target names the tool that does the work. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
DEMO ?= true
CATALOGS := $(wildcard aftersales/*/locale/*/LC_MESSAGES/django.po)
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock" --quiet $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help install run test check bench lock assets messages docs where clean
.NOTPARALLEL:

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

install: .make/base .make/assets .make/messages ## what an installation needs: environment, requirements, assets, texts

run: .make/base .make/assets .make/messages ## the demo at http://127.0.0.1:8000, from nothing. ARGS="--port 8001"
	AFTERSALES_DEMO=$(DEMO) exec $(BIN)/aftersales run $(ARGS)

test: .make/dev .make/assets .make/messages ## every test: SQLite, PostgreSQL, browser. PARTS="sqlite" and ARGS="tests/core -x" narrow it
	@$(BIN)/python tools/test.py $(PARTS) -- $(ARGS)

check: .make/dev .make/assets .make/messages ## every check that needs no test run. PARTS="ruff types" narrows it
	@$(BIN)/python tools/check.py $(PARTS)

bench: .make/dev .make/assets .make/messages ## measure the main pages and acts; WHAT=sheets tables in and out, policies, dmn_tck
	$(BIN)/python -m benchmarks$(if $(WHAT),.$(WHAT)) $(ARGS)

lock: .make/build ## pin the dependencies anew. UPGRADE=--upgrade takes the newest allowed
	$(BIN)/python -m $(COMPILE) -o requirements/base.txt
	$(BIN)/python -m $(COMPILE) --extra batch -c requirements/base.txt -o requirements/batch.txt
	$(BIN)/python -m $(COMPILE) --group dev -c requirements/base.txt -o requirements/dev.txt
	$(BIN)/python -m $(subst compile pyproject.toml,compile,$(COMPILE)) --group build -o requirements/build.txt

assets: .make/dev ## fetch css, js, icons and the font of the papers afresh
	$(BIN)/python tools/assets.py

messages: .make/dev ## bring the Chinese catalogs up to the code, then compile them
	$(BIN)/python tools/messages.py extract
	$(BIN)/python tools/messages.py compile

docs: .make/dev ## write docs/generated/
	$(BIN)/python tools/generate_docs.py

where: .make/dev ## where something happens: make where WHAT="hand over"
	@$(BIN)/python tools/where.py $(WHAT)

clean: ## remove everything that `make` made, but not var/
	rm -rf .make .venv node_modules aftersales/ui/static/vendor aftersales/ui/papers/fonts .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.make/venv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 run")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python lacks venv. On Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@mkdir -p .make && touch $@

.make/build: .make/venv requirements/build.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt
	@touch $@

.make/base: .make/build requirements/base.txt pyproject.toml
	$(BIN)/python tools/install.py requirements/base.txt
	@touch $@

.make/dev: .make/build requirements/base.txt requirements/dev.txt pyproject.toml
	$(BIN)/python tools/install.py requirements/dev.txt
	@touch $@ .make/base

.make/assets: .make/base package-lock.json tools/assets.py $(wildcard aftersales/ui/icons.txt)
	$(BIN)/python tools/assets.py
	@touch $@

.make/messages: .make/base tools/messages.py $(CATALOGS)
	$(BIN)/python tools/messages.py compile
	@touch $@
