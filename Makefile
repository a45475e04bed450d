# Eight commands; `make` alone lists them. Needs Python 3.11 or newer with pip, and make.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= auto
# Where `make check` runs the tests a second time; a database test_<name> is made there and dropped.
BALIE_TEST_POSTGRES ?= postgresql://postgres@127.0.0.1:5432/balie

BIN := .venv/bin
# Checks read the settings: they must not make a home with a key for that.
NOWHERE := BALIE_SECRET_KEY=none BALIE_DATABASE_URL=sqlite:///:memory:
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
comma := ,

.DEFAULT_GOAL := list
.PHONY: list setup demo run test lint fix check docs
.PHONY: runtime dev

list:
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup: runtime ## makes .venv with the command balie in it (.venv/bin/balie)

demo: runtime ## shows everything: a demo operator with months of data, at http://localhost:8000 (PORT=…)
	@$(BIN)/balie demo --port $(PORT)

run: runtime ## starts your own installation (BALIE_HOME, BALIE_DATABASE_URL), at port 8000 (PORT=…)
	@$(BIN)/balie init && $(BIN)/balie serve --port $(PORT)

test: dev ## runs the tests on SQLite, or on BALIE_DATABASE_URL (ARGS="tests/web -k login")
	@$(PYTEST) $(ARGS)

lint: dev ## ruff, mypy --strict, import contracts, migrations, dependencies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(NOWHERE) $(BIN)/mypy .
	@$(NOWHERE) $(BIN)/lint-imports --no-cache --no-logo
	@$(NOWHERE) DJANGO_SETTINGS_MODULE=balie.config.settings $(BIN)/django-admin makemigrations --check --dry-run
	@$(BIN)/python -m pip check 2>/dev/null || $(PYTHON) -m pip --python $(BIN)/python check

fix: dev ## formats the code, mends what ruff can, brings new texts into the catalogues
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m tools.messages update
	@$(NOWHERE) $(BIN)/python -m tools.reference

check: lint ## all that must be green: lint, the tests on SQLite, and those with a database on PostgreSQL
	@env -u BALIE_DATABASE_URL $(PYTEST)
	@if BALIE_DATABASE_URL=$(BALIE_TEST_POSTGRES) $(BIN)/python -m tools.reach_postgres; then \
		BALIE_DATABASE_URL=$(BALIE_TEST_POSTGRES) $(PYTEST) -m "database and not once"; \
	else \
		case ",$(BALIE_REQUIRE)," in *,postgres,*) exit 1;; esac; \
	fi

docs: dev ## writes docs/commands.md anew from the commands themselves and checks every link of the documents
	@$(NOWHERE) $(BIN)/python -m tools.reference
	@$(BIN)/pytest tests/test_docs.py

runtime dev:
	@$(PYTHON) tools/environment.py $@
