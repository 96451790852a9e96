# Two commands on a fresh machine: `make demo` and `make test`. Everything else is made on the way.
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install doctor lab demo test test-all test-fast test-colab build check book lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(INSTALLED) ## the virtual environment, with exact versions

$(INSTALLED): pyproject.toml requirements.lock tools/install.sh
	@tools/install.sh $(VENV) dev
	@touch $@

$(VENV)/.lab: pyproject.toml requirements.lock tools/install.sh
	@tools/install.sh $(VENV) jupyter
	@touch $@

doctor: $(INSTALLED) ## can this machine grade?
	@$(BIN)/python -m grader doctor

# What a student needs is enough; whoever has everything already keeps it.
lab: $(if $(wildcard $(INSTALLED)),$(INSTALLED),$(VENV)/.lab) ## open JupyterLab in notebooks/
	$(BIN)/python -m jupyter lab --notebook-dir=notebooks

demo: $(INSTALLED) ## grade a made-up class, end to end, in demo/
	@$(BIN)/python -m grader demo

IN_PARALLEL := --numprocesses auto # how many, and which together: tests/conftest.py

test: $(INSTALLED) ## every test, with a few answers of each lesson's bank
	$(BIN)/python -m pytest $(IN_PARALLEL)

test-all: $(INSTALLED) ## every test, with all answers of the banks; before a release
	$(BIN)/python -m pytest $(IN_PARALLEL) --whole

test-fast: $(INSTALLED) ## the tests that take seconds
	$(BIN)/python -m pytest $(IN_PARALLEL) -m "not slow"

test-colab: $(INSTALLED) ## all lessons from badge to zip, with Colab's versions and with the newest; needs the package index
	$(BIN)/python -m tools.colab_trial

build: $(INSTALLED) ## lessons/ into solutions/ and notebooks/
	$(BIN)/python -m grader build

check: $(INSTALLED) ## is everything built, and the table of the course fresh?
	$(BIN)/python -m grader build --check
	$(BIN)/python -m grader course --check

book: $(INSTALLED) ## the web book, in build/book; REPOSITORY=OWNER/NAME adds buttons to Colab
	@$(BIN)/python -m grader book $(if $(REPOSITORY),--repository '$(REPOSITORY)')

lock: $(INSTALLED) ## write requirements.lock anew
	$(BIN)/python -m pip install --quiet uv
	PATH="$(abspath $(BIN)):$$PATH" tools/lock.sh --upgrade

clean: ## remove what was made, except the environment
	rm -rf build demo .pytest_cache
