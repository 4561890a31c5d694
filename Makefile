# The only door: `make` lists what there is. Needs python3 (3.11 or newer) and make; the rest is set up in .venv/.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
GATE := tests/gate/node_modules/.ready
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check bench serve bundle samples templates clean

help: ## list these doors
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(READY) ## merge the sample đảng bộ, show what is told of a faulty list, fill every sample form: into out/demo
	@mkdir -p out/demo
	$(VENV)/bin/docgen merge kiem-diem-ca-nhan samples/dang_bo.xlsx -o out/demo/dang_bo
	@echo "Danh sách có lỗi / A list with faults:"
	@$(VENV)/bin/docgen merge kiem-diem-ca-nhan samples/dang_bo_loi.xlsx -o out/demo/dang_bo_loi || [ $$? -eq 4 ]
	@set -e; for record in samples/*.json; do \
	  form=$$(basename "$$record" .json); \
	  $(VENV)/bin/docgen render "$$form" "$$record" -o "out/demo/$$form.docx"; \
	  if command -v soffice >/dev/null; then $(VENV)/bin/docgen render "$$form" "$$record" -o "out/demo/$$form.pdf"; fi; \
	done
	@command -v soffice >/dev/null || echo "Chưa có LibreOffice nên không có bản PDF. / No LibreOffice, so no PDF."
	@echo "Mọi văn bản ở / All documents are in: $(CURDIR)/out/demo"
	@ls -1 out/demo

test: $(READY) $(GATE) ## run every test; says which were left out for want of a program
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

check: $(READY) $(GATE) ## lint, types and tests: what CI runs
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

bench: $(READY) ## one JSON line per figure: name, value, limit
	@failed=0; for program in benchmarks/[!_]*.py; do $(PY) -m "benchmarks.$$(basename "$$program" .py)" || failed=1; done; exit $$failed

serve: $(READY) ## the web service on this machine
	$(VENV)/bin/docgen serve

bundle: $(READY) ## dist/docgen-….tar.gz: the program with all it needs, for machines without internet
	$(PY) -m deploy.bundle

samples: $(READY) ## make samples/dang_bo*.xlsx again (invented people)
	$(PY) -m benchmarks._sample_lists

templates: $(READY) ## draw every templates_docx/*/template.docx again from its form.toml
	$(PY) -m docgen.papers.drawing

clean: ## remove what can be made again (not .venv)
	rm -rf out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find docgen service deploy tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# pip of Debian 12 is too old for --group, so it is renewed first.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(PY) -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

# The validator is a program inside an npm package. Without npm the other tests still run (in CI that is a failure).
$(GATE): tests/gate/package-lock.json
	@if ! command -v npm >/dev/null; then \
	  echo "npm is missing: the Open XML SDK validator is not installed and its tests are left out."; \
	elif (cd tests/gate && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then touch $@; \
	else echo "npm could not fetch the Open XML SDK validator: its tests are left out."; fi
