# The project's few commands; `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One numerics thread a process: tests and lanes share two cores.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test test-devices test-live test-long test-order coverage check installed machine lint tests bench house kernel screenshots words walk spoken installer lock clean

help: ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: ## open the operator's desk on an invented precinct (HEADLESS=1: no window, FINGERS=DIR: real images)
	@sh scripts/install.sh run
	@$(BIN)/python -m station_app demo $(if $(filter-out 0,$(HEADLESS)),--headless) $(if $(FINGERS),--fingers "$(FINGERS)") $(if $(DPI),--dpi $(DPI)) $(ARGS)

# One test starts a virtual machine. Root gets what it needs (about 120 MB) where that is quick; without it skips.
test: ## everything .ci/run runs
	@$(MAKE) --no-print-directory -j2 installed $(if $(ARGS),,machine)
	@$(MAKE) --no-print-directory -j2 lint tests

installed: # beside the machine: packages are fetched and unpacked on both cores
	@sh scripts/install.sh dev

machine:
	@[ "$$(id -u)" != 0 ] || timeout 180 sh scripts/install.sh devices \
	  || echo "Without qemu and a kernel package one test is skipped." >&2

test-devices: ## real drivers in virtual machines under Debian's kernel (ARGS="printers")
	@sh scripts/install.sh dev
	@sh scripts/install.sh devices
	@$(BIN)/python -m tests.vm.suites $(ARGS)

test-long: ## what would make `make test` too long: lessons in every language, a whole exam, a whole simulated day, every byte of a journal
	@sh scripts/install.sh dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m long $(ARGS)

test-live: ## a whole live station in a virtual machine, from provisioning to the centre (STATION_REAL_FINGERS=DIR)
	@$(MAKE) --no-print-directory test-devices ARGS=live_station

test-order: ## every test file alone, every room in fixed and three random orders (hours; ARGS="--rooms tests/flow")
	@sh scripts/install.sh dev
	@$(BIN)/python scripts/test_order.py $(ARGS)

coverage: ## lines and branches of domain, journal, vault and flow that tests run; none may fall (3 minutes on idle cores)
	@sh scripts/install.sh dev
	@$(BIN)/python scripts/branch_coverage.py $(ARGS)

check: installed ## ruff, mypy strict (tests' helpers, benchmarks and scripts too), import contracts, tests
	@$(MAKE) --no-print-directory -j2 lint tests

lint: # beside the tests, which wait a sixth of the time
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

tests:
	MAKEFLAGS= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: ## how fast it is: the core beside bozorth3 (ARGS=--quick), then a whole station and a long journal (not a test)
	@sh scripts/install.sh dev
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock \
	  || echo "Without nbis-py there is no comparison with bozorth3." >&2
	$(BIN)/python -m station_app bench $(ARGS)
	$(BIN)/python benchmarks/station_figures.py $(filter --json,$(ARGS))
	$(BIN)/python -m benchmarks.reader_figures $(filter --json,$(ARGS))
	$(BIN)/python benchmarks/journal_figures.py $(filter --json,$(ARGS)) \
	  || echo "A journal of 100,000 entries took 5 s or more to verify." >&2

house: ## how large the rooms are, how they hang together, how long a start takes (ARGS="--quick --json")
	@sh scripts/install.sh dev
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python scripts/house.py $(ARGS)

kernel: ## compile the matching kernel again (needs a C compiler; numpy does the work without)
	@sh scripts/install.sh run
	@$(BIN)/python scripts/build_kernel.py

screenshots: ## one PNG a state, language and appearance, to build/screenshots/<lang>/<state>.png, and sheets (ARGS="--mockups DIR")
	@sh scripts/install.sh dev
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.ui.pictures --out build/screenshots $(ARGS)

words: ## write docs/translation.md, every sentence for a human editor, with the pictures that show it
	@sh scripts/install.sh dev
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m scripts.translation_sheet --draw

walk: ## measure what is cut, covered, small or pale on every screen, size, language and appearance (ARGS="--look 200", "--png DIR")
	@sh scripts/install.sh dev
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.ui.screen_walk $(ARGS)

spoken: ## what a screen reader is told of the desk, over AT-SPI (needs xvfb, at-spi2-core, gir1.2-atspi-2.0, python3-gi)
	@sh scripts/install.sh dev
	@$(BIN)/python -m tests.ui.spoken

installer: ## pack the program into dist/station-app/, for machines without Python
	@sh scripts/install.sh run
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-installer.lock
	$(BIN)/pyinstaller --noconfirm build_installer.spec

lock: ## lock the dependencies again (needs uv, which this installs)
	@sh scripts/install.sh dev
	@$(BIN)/pip install -q uv
	$(BIN)/uv lock
	$(BIN)/uv export -q --format requirements-txt --no-header --no-emit-project --extra build -o requirements.lock
	$(BIN)/uv export -q --format requirements-txt --no-header --no-emit-project --extra build --extra dev --extra centre -o requirements-dev.lock
	$(BIN)/uv export -q --format requirements-txt --no-header --no-emit-project --extra bench --only-emit-package nbis-py -o requirements-bench.lock
	$(BIN)/uv export -q --format requirements-txt --no-header --no-emit-project --extra centre --only-emit-package psycopg --only-emit-package psycopg-binary -o requirements-centre.lock
	$(BIN)/uv export -q --format requirements-txt --no-header --no-emit-project --extra installer --only-emit-package pyinstaller --only-emit-package pyinstaller-hooks-contrib --only-emit-package altgraph -o requirements-installer.lock

clean: ## remove what was built, not what stations keep
	rm -rf build station_app/biometrics/fingerprint/kernel/build .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
