# refpad: `make` says what there is. All targets may be run again; what is done already is not done twice.

PYTHON ?= python3
WORKERS ?= 2
ARGS ?=

APT_PYTHON := python3 python3-venv
APT_RUN := tesseract-ocr poppler-utils libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
APT_TEST := postgresql chromium

# What needs no server, browser, PostgreSQL or drawn scan; `make test-quick` runs it.
QUICK := tests/schemas tests/followup tests/exports tests/store tests/ocr/diagnosis tests/ocr/language tests/ocr/text \
    tests/test_dependencies.py tests/test_house.py tests/test_version.py

BIN := .venv/bin
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test test-quick coverage lint types contract wheel setup setup-dev lock samples pictures walk story show bench bench-tables clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

run: setup ## install what is missing, then start refpad with its sample scans in a practice folder; Ctrl-C stops it
	@$(BIN)/refpad practice $(ARGS)

test: setup-dev ## install what the tests need, then run them all (ARGS="tests/store -x" for some)
	@scripts/apt.sh $(APT_TEST)
	@scripts/test.sh $(WORKERS) $(ARGS)

test-quick: setup-dev ## the rules, the record on SQLite, and the house, in less than a minute; while you work
	@scripts/test.sh $(WORKERS) $(QUICK) -k "not postgresql" $(ARGS)

coverage: setup-dev ## all tests, and how many lines and branches of the rooms they run
	@scripts/apt.sh $(APT_TEST)
	@scripts/coverage.sh $(WORKERS) $(ARGS)

lint: setup-dev ## style: ruff's rules and its format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ." >&2; exit 1; }

types: setup-dev ## mypy, strict
	@$(BIN)/mypy

contract: setup-dev ## imports point down only
	@$(BIN)/lint-imports

wheel: setup-dev ## build the wheel into dist/, install it into an environment of its own, and read a sample with it there
	@scripts/wheel.sh

setup:
	@scripts/apt.sh $(APT_PYTHON) $(APT_RUN)
	@scripts/venv.sh requirements.lock

setup-dev:
	@scripts/apt.sh $(APT_PYTHON) $(APT_RUN)
	@scripts/venv.sh requirements-dev.lock

lock: ## lock what pyproject.toml asks for, with hashes (needs uv); ARGS=--upgrade takes all the newest
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 3; }
	@$(LOCK) $(ARGS) --extra s3 pyproject.toml -o requirements.lock
	@$(LOCK) $(ARGS) --group dev --extra s3 -c requirements.lock pyproject.toml -o requirements-dev.lock
	@git --no-pager diff --stat -- requirements.lock requirements-dev.lock

samples: setup ## make samples/ anew: the same seed gives the same scans
	@$(BIN)/refpad samples --out samples $(ARGS)

pictures: setup ## make the README's picture anew
	@$(BIN)/python scripts/readme_picture.py

walk: setup-dev ## walk one referral from slip to discharge on a fast clock; docs/loop shows it
	@$(BIN)/python scripts/walk_a_referral.py

story: setup-dev ## play two months of a small studio in a browser; docs/two-months shows them
	@scripts/apt.sh $(APT_TEST)
	@$(BIN)/python -m tests.tools.tell_two_months

show: setup-dev ## two studios, three readers that share database and bucket alone, one of them of a Prefect pool, 200 slips, readers killed at random (docs/reliability.md)
	@scripts/apt.sh $(APT_TEST)
	@$(BIN)/python -m tests.tools.show $(ARGS)

bench: setup ## measure accuracy and speed; its first table is the README's
	@$(BIN)/refpad bench $(ARGS)

bench-tables: setup ## run the bench over 100 slips a channel; its tables go into README.md and docs/accuracy.md (a quarter of an hour)
	@mkdir -p bench-out
	@$(BIN)/refpad bench --design met-1 --design post-1 --slips 100 --seed 1 --slips-only --json $(ARGS) >bench-out/bench.json
	@$(BIN)/python scripts/bench_tables.py bench-out/bench.json

clean: ## remove what make has made; refpad-data, with its records, stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench-out dist .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
