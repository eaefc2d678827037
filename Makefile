# Everything starts from a bare python3: .venv is made, and kept in step with the lock files, on the way.
PYTHON ?= python3
BIN := .venv/bin

# Requirements are compiled for every supported Python and platform at once.
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url

.PHONY: run test chaos fuzz check audit demo bench manage lock local dev

run: local  ## the whole product in the foreground
	@exec $(BIN)/python -m local.run

test: dev  ## the tests, on PostgreSQL and Valkey of their own
	@exec $(BIN)/python -m pytest -n 3 --dist worksteal

chaos: dev  ## the long form of the chaos test: 36 faults under load, some five minutes
	@CHAOS=long exec $(BIN)/python -m pytest -s -p no:logging tests/e2e/test_chaos.py

fuzz: dev  ## the long form of the contract's fuzzing: other examples each time, some ten minutes
	@FUZZ=long exec $(BIN)/python -m pytest -n 2 tests/contract/test_fuzz.py

check: dev  ## formatting, lint, types, import contracts, migrations and documents in step
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/uv pip check --quiet --python $(BIN)/python
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	for document in openapi asyncapi eventsdoc jobsdoc; do \
		$(BIN)/python manage.py $$document --check || exit 1; done

audit: dev  ## the locked packages against the published vulnerabilities; needs a network
	$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements/base.txt
	$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements/dev.txt

demo: local  ## a small believable data set, beside a running product
	@exec $(BIN)/python -m local.manage demo

bench: dev  ## the benchmarks, as ratios measured side by side
	@exec $(BIN)/python -m bench

manage: local  ## make manage ARGS="createsuperuser"
	@exec $(BIN)/python -m local.manage $(ARGS)

lock: dev  ## write the lock files anew
	cd requirements && for level in base local dev; do ../$(COMPILE) $$level.in -o $$level.txt || exit 1; done

local dev:
	@$(PYTHON) local/bootstrap.py $@
