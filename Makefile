# Respite in two commands: `make demo` tries it, `make test` checks it. Python 3.11 is all that must be there.

is_python_3_11 = $(shell $(1) -c 'import sys; print(sys.version_info[:2] == (3, 11))' 2>/dev/null)
PYTHON := $(firstword $(foreach name,python3.11 python3 python,$(if $(filter True,$(call is_python_3_11,$(name))),$(name))))
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
UV_SYNC = UV_PYTHON=$(PYTHON) UV_PYTHON_DOWNLOADS=never $(UV) sync --frozen
LOCKED = pyproject.toml uv.lock

.PHONY: help demo test test-fast advisories mutation setup train recovery benchmark-sockets screenshots benchmark-default-pipeline clean python
.DELETE_ON_ERROR:

help:
	@echo "make demo       start the bot with an invented loan book, and talk to it in the browser"
	@echo "make test       run every check"
	@echo "make test-fast  run the checks that take seconds"
	@echo "make advisories ask whether anything is known against a package that is used"
	@echo "make mutation   change the lending core line by line and see whether a test notices"
	@echo "make setup      build both environments"
	@echo "make train      train the model if its data, its configuration or the engine changed"
	@echo "make recovery   kill every process over and over while borrowers talk, and look whether anything is lost"
	@echo "make benchmark-sockets  a thousand sockets open and fifty borrowers talking"
	@echo "make screenshots  take the pictures of the README, with Chromium"
	@echo "make benchmark-default-pipeline  compare with Rasa's default pipeline, in an environment with TensorFlow"
	@echo "make clean      remove everything that can be built again; the database in .respite stays"

demo: setup
	@.venv/bin/respite demo

test: setup
	@.venv/bin/python -m tests.run

test-fast: setup
	@.venv/bin/python -m tests.run --fast

advisories: setup
	@RESPITE_REQUIRE_ADVISORIES=1 .venv/bin/python -m tests.advisories

mutation: setup
	@.venv/bin/mutmut run
	@.venv/bin/mutmut results

setup: .venv/.complete .venv-rasa/.complete

train: setup
	@.venv/bin/respite train

.venv/.complete: $(LOCKED) hatch_build.py package-lock.json | python $(UV)
	@echo "Building the environment of the bot …"
	@$(UV_SYNC)
	@touch $@

.venv-rasa/.complete: $(LOCKED) $(wildcard bot/engine/without_tensorflow/*) | python $(UV)
	@echo "Building the environment of Rasa …"
	@UV_PROJECT_ENVIRONMENT=.venv-rasa $(UV_SYNC) --only-group rasa
	@mkdir -p .respite
	@touch $@

.uv/bin/uv: | python
	@echo "Installing uv …"
	@$(PYTHON) -m venv .uv || { echo "$(PYTHON) cannot make virtual environments. On Debian, install python3.11-venv."; exit 1; }
	@.uv/bin/pip install --quiet uv

python:
	@test -n "$(PYTHON)" || { echo "Respite needs Python 3.11, which was not found. Install it, then run make again."; exit 1; }

recovery: train
	@.venv/bin/python -m tests.recovery

benchmark-sockets: train
	@.venv/bin/python -m tests.benchmarks.sockets

screenshots: train
	@.venv/bin/python -m docs.screenshots

benchmark-default-pipeline: setup .venv-tensorflow/.complete
	@.venv/bin/python -m tests.benchmarks.default_pipeline

.venv-tensorflow/.complete: $(LOCKED) tests/benchmarks/tensorflow-overrides.txt | python $(UV)
	@echo "Building the environment with TensorFlow …"
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv-tensorflow
	@$(UV) export --quiet --frozen --only-group rasa --no-hashes --no-emit-package tensorflow \
		--output-file .venv-tensorflow/requirements.txt
	@$(UV) pip install --quiet --python .venv-tensorflow/bin/python --requirement .venv-tensorflow/requirements.txt \
		--override tests/benchmarks/tensorflow-overrides.txt tensorflow
	@touch $@

clean:
	rm -rf .venv .venv-rasa .venv-tensorflow .uv .rasa models results mutants bot/web/static/vendor
	rm -rf .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
