# Guardrail. A fresh machine needs Python >= 3.11, make and git; everything else is installed into .venv from the lock.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test check bench peers fuzz siege soak faults coverage sbom lock lock-peers clean

help:  ## what can be typed here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

install: $(RUN)  ## install what the product needs into .venv, every package pinned by hash

$(RUN): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Guardrail needs Python 3.11 or newer; say: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Installing Guardrail into $(VENV) (about a minute, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --quiet --quiet --require-hashes --requirement requirements.lock
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --quiet --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo "Installing the tools for tests and checks ..."
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --no-compile --quiet --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(RUN)  ## one clinical chat through the proxy, side by side (ARGS=--once to exit after it)
	@$(BIN)/guardrail demo $(ARGS)

# Tests start dozens of processes: compiled once, their modules load in half the time (whatever the environment says).
# Three runners for two cores, since tests wait for processes; each has a part of the list, so that what a module shares
# is made once.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEV)  ## the whole test suite
	$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

check: $(DEV)  ## ruff, mypy strict, codespell, the lock, the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	@[ ! -x $(BIN)/hadolint ] && echo "hadolint has no build for this platform: Dockerfile not linted" || $(BIN)/hadolint Dockerfile

bench: $(DEV)  ## the benchmarks behind docs/benchmarks.md (ARGS=--peers: with what `make peers` installed)
	$(BIN)/python -m benchmarks $(ARGS)

PEERS := benchmarks/peers
OTHER := .cache/peers

peers: $(OTHER)/litellm/.installed $(OTHER)/nemo/.installed  ## what the guardrail is compared with, in environments of their own
	@command -v nginx >/dev/null || [ -d $(OTHER)/nginx ] || (cd $(OTHER) && apt-get download -qq nginx && dpkg-deb -x nginx_*.deb nginx) \
		|| echo "No nginx: it is left out of the benchmarks (Debian: apt-get install nginx-light)"

$(OTHER)/%/.installed: $(PEERS)/%.lock $(DEV)
	@echo "Installing $* into $(OTHER)/$* ..."
	@rm -rf $(OTHER)/$* && $(BIN)/uv venv --quiet --python $(PYTHON) $(OTHER)/$*
	@$(BIN)/uv pip install --quiet --python $(OTHER)/$*/bin/python --require-hashes --requirements $<
	@[ $* != nemo ] || $(OTHER)/nemo/bin/python $(PEERS)/stand_in.py
	@touch $@

# Tools that only these need have locks of their own and go into .cache: what everybody installs does not grow.
TOOL = PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install --quiet --quiet --require-hashes --upgrade --target
FUZZ_SECONDS ?= 600
CAMPAIGN     ?= 300000
SOAK         ?= 100000

fuzz: $(DEV)  ## search for bytes that break a reader, FUZZ_SECONDS (600) for each of four
	@$(TOOL) .cache/fuzz/site --requirement tests/fuzz/requirements.lock
	PYTHONPATH=.cache/fuzz/site $(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(ARGS)

siege: $(DEV)  ## CAMPAIGN (300000) hostile requests of every dialect; none of their canaries may leave
	$(BIN)/python -m tests.campaign --requests $(CAMPAIGN) $(ARGS)

soak: $(DEV)  ## SOAK (100000) exchanges with reloads, clients that leave and workers that are killed
	$(BIN)/python -m benchmarks.soak --exchanges $(SOAK) $(ARGS)

faults: $(DEV)  ## the network at every byte, the disk at every call, a long search through states
	FAULTS_STEP=1 FAULTS_EVERY=1 STATES=200 $(BIN)/pytest -n 0 --timeout 3600 tests/faults tests/matrix/test_cuts.py tests/matrix/test_matrix.py $(ARGS)

coverage: $(DEV)  ## the files that must be covered in full by their own tests (ARGS=--whole: all files, by all tests)
	@$(TOOL) .cache/coverage --requirement tests/coverage.lock
	PYTHONPATH=.cache/coverage $(BIN)/python -m tests.coverage $(ARGS)

sbom: $(DEV)  ## dist/sbom.cdx.json: every package with its hashes, and the trained models (CycloneDX)
	@mkdir -p dist
	@$(TOOL) .cache/sbom --requirement deploy/sbom.lock
	@PYTHONPATH=.cache/sbom $(BIN)/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
		--mc-type application --output-reproducible --output-file .cache/sbom/packages.json
	@$(BIN)/python -m deploy.sbom .cache/sbom/packages.json dist/sbom.cdx.json && echo "dist/sbom.cdx.json"

LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --no-header

lock: $(DEV)  ## resolve pyproject.toml into the two lock files
	$(LOCK) --upgrade --group build --output-file requirements.lock
	$(LOCK) --group build --group test --group check --group bench --constraint requirements.lock --output-file requirements-dev.lock
	sed -i '1i # Every package with its hashes. Made by: make lock' requirements.lock requirements-dev.lock

lock-peers: $(DEV)
	for each in litellm nemo; do $(BIN)/uv pip compile $(PEERS)/$$each.in --universal --python-version 3.11 --generate-hashes --quiet --no-header --upgrade --output-file $(PEERS)/$$each.lock; done
	sed -i '1i # Every package with its hashes. Made by: make lock-peers' $(PEERS)/*.lock

clean:  ## remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
