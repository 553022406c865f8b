# SmartKirana from a fresh clone: make run. Everything it makes lies in .venv/ and var/.

PY := .venv/bin/python
PORT ?= 8000
export PORT
run test prove lint bench fuzz messages setup stop reset: export SMARTKIRANA_ENV ?= local

PROOFS := tests/smartkirana/test_hostile_input.py tests/ledger/test_five_thousand_acts.py tests/ledger/test_ten_thousand_khata_acts.py \
	tests/browser/test_ten_thousand_bills.py tests/browser/test_two_hundred_baskets.py tests/browser/test_killed_browser.py \
	tests/shops/test_sign_in_by_code.py tests/smartkirana/test_api_schema.py

.DEFAULT_GOAL := help
.PHONY: help run setup test prove lint bench fuzz messages stop reset installed installed-dev

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: installed ## a working shop with demo data at http://localhost:8000 (PORT=8123 make run)
	@exec $(PY) -m smartkirana.run

setup: installed ## install, make the database and the demo shop, start nothing
	@$(PY) -m smartkirana.prepare

test: installed-dev ## the whole suite (make test ARGS="tests/orders -k khata")
	@$(PY) -m pytest -n 2 $(ARGS)

prove: installed-dev ## the long proofs all the way: every bad value, ten thousand acts and bills (an hour; make prove ARGS="…")
	@PROVE=1 $(PY) -m pytest -n 2 $(or $(ARGS),$(PROOFS))

lint: installed-dev ## style, imports, templates, types, settings, migrations
	@failed=; run() { echo "• $$*"; "$$@" || failed="$$failed $${1##*/}"; }; \
	run .venv/bin/ruff check . ; \
	run .venv/bin/ruff format --check . ; \
	run .venv/bin/lint-imports --no-logo ; \
	run .venv/bin/djlint templates --lint ; \
	run .venv/bin/mypy ; \
	run $(PY) manage.py makemigrations --check --dry-run ; \
	run $(PY) manage.py messages --check ; \
	run env SMARTKIRANA_ENV=production SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
		ALLOWED_HOSTS=shop.example.in SMS_BACKEND=shops.sms.HttpSms SMS_HTTP_URL=https://sms.example.in/ \
		$(PY) manage.py check --deploy --fail-level WARNING ; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed"; exit 1; fi

bench: installed-dev ## measure the budgets
	@$(PY) -m bench $(ARGS)

fuzz: installed-dev ## a hundred thousand requests of every kind at the REST API, then check_books (half an hour; ARGS=1000)
	@$(PY) -m tests.fuzz_api $(ARGS)

messages: installed-dev ## put new sentences into the Hindi catalogue, and compile it
	@$(PY) manage.py messages

stop: ## stop what make run started, and the database
	@if [ -x $(PY) ]; then $(PY) -m smartkirana.run stop; fi

reset: ## delete the embedded database with all its data (asks; YES=1 does not)
	@if [ -x $(PY) ]; then $(PY) -m smartkirana.run reset; fi

installed:
	@sh smartkirana/install.sh requirements.txt

installed-dev:
	@sh smartkirana/install.sh requirements-dev.txt
