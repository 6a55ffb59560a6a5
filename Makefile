# clausegraph. Targets:
#   make demo      set up and audit the embedded sample
#   make test      set up and run all tests
#   make check     formatting, lint, types (a test finds drift of generated files)
#   make library   build ontology/generated/ from ontology/ and queries/
#   make golden    write the golden files again, and say what became different
#   make mutants   put in faults on purpose, and count which tests notice (minutes)
#   make format    format Python and Turtle
#   make web       build the scripts of the explorer from web/ (needs Node 20 and npm)
#   make bench     all bars and peers on the real Hub snapshot (needs ../shared/data); fails where a ratio got worse
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TURTLE := ontology/*.ttl ontology/licenses ontology/alignments ontology/composing shapes

.PHONY: demo test check library golden mutants format web bench clean

$(VENV)/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("clausegraph needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(VENV)/ready
	$(BIN)/clausegraph demo

test: $(VENV)/ready-dev
	@mkdir -p build
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(PYTEST_ARGS)

check: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf build/typing && mkdir -p build/typing && cp -r clausegraph build/typing/ && cp -r loaders build/typing/clausegraph/
	cd build/typing && ../../$(BIN)/mypy --config-file ../../pyproject.toml --cache-dir ../mypy
	$(BIN)/turtlefmt --check $(TURTLE)

library: $(VENV)/ready-dev
	$(BIN)/clausegraph ontology build

golden: $(VENV)/ready-dev
	$(BIN)/python -m tests.support.golden

mutants: $(VENV)/ready-dev
	$(BIN)/python -m tests.mutants --record

format: $(VENV)/ready-dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/turtlefmt $(TURTLE)

web:
	cd web && npm ci --no-fund --no-audit && npm run build

bench: $(VENV)/ready-dev
	$(BIN)/python benchmarks/run.py $(BENCH_ARGS)
	$(BIN)/python benchmarks/verdicts.py
	$(BIN)/python benchmarks/loads.py

clean:
	rm -rf $(VENV) build dist *.egg-info .clausegraph
