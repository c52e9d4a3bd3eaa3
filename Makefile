# Targets for people and CI alike; `make help` lists them.
PY := .venv/bin/python
NPM := $(PY) agent_ui/npm.py
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
PIN := compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
RUNTIME := .venv/runtime agent_ui/node_modules/.runtime
DEV := .venv/dev agent_ui/node_modules/.dev
DEBIAN := chromium-headless-shell dovecot-imapd fonts-dejavu-core postfix postgresql redis-server# what some tests need of the system
.PHONY: help install run traffic test unit accessibility check faults faults-all bench mail-score lock system
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18
install: $(RUNTIME) ## what the product needs, into .venv and agent_ui/node_modules
run: $(RUNTIME) ## the contact centre with a demo city, on http://127.0.0.1:8080
	@exec env CONTACTCENTER_ENDS_WITH_PARENT=1 $(PY) -m contactcenter run $(ARGS)
traffic: $(RUNTIME) ## citizens and agents for what `make run` has started; ARGS="--rate 2"
	@exec $(PY) -m contactcenter traffic --agents 9 $(ARGS)

test: $(DEV) system ## the whole suite; installs what is missing
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)
unit: $(DEV) ## the quick tests
	$(PY) -m pytest tests/unit -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)
accessibility: $(DEV) system ## what the accessibility statement says, found out anew
	$(PY) -m pytest tests/web tests/chat_page --accessibility-report agent_ui/accessibility.json $(ARGS)
check: $(DEV) ## style, types, layers
	$(PY) -m ruff check && $(PY) -m ruff format --check
	$(PY) -m mypy --strict contactcenter channels tests bench && .venv/bin/lint-imports
	$(NPM) run --silent check
faults: $(DEV) ## break what it stands on and look for what is lost; NAMES="F01 F05" for some, ARGS=--list
	@$(PY) -m tests.faults $(NAMES) $(ARGS)
faults-all: $(DEV) ## every fault that is played, and their table in the end
	@$(PY) -m tests.faults --all --table $(ARGS)
bench: $(DEV) ## speed beside its floor, one JSON object a line; NAMES="intake offer_p50" for some
	@$(PY) -m bench $(NAMES)
mail-score: $(DEV) ## how well the real mail in ../shared/mail is understood
	@$(PY) -m bench.mail_score
lock: $(DEV) ## pin the newest of requirements*.in and package.json
	$(PY) -m venv .venv/uv && .venv/uv/bin/pip install --quiet uv
	.venv/uv/bin/uv pip $(PIN) --upgrade requirements-dev.in -o requirements-dev.txt
	.venv/uv/bin/uv pip $(PIN) requirements.in -c requirements-dev.txt -o requirements.txt
	$(NPM) update --package-lock-only
system:
	@[ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || dpkg-query -s $(DEBIAN) >/dev/null 2>&1 \
	|| { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install $(DEBIAN); } \
	|| echo 'apt-get failed: what needs $(DEBIAN) is left out' >&2

$(PY):
	@for p in python3 python3.12 python3.11; do $$p -c 'import sys, ensurepip as _; \
	sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && exec $$p -m venv .venv; done; \
	echo 'Python 3.11 or 3.12 with venv is needed (Debian: apt-get install python3-venv)' >&2; exit 1
.venv/runtime: requirements.txt pyproject.toml | $(PY)
	$(PIP) --use-pep517 --require-hashes -r requirements.txt && $(PIP) --no-deps --no-build-isolation -e . && touch $@
.venv/dev: requirements-dev.txt .venv/runtime
	$(PIP) --require-hashes -r requirements-dev.txt && touch $@
agent_ui/node_modules/.runtime: agent_ui/package-lock.json | .venv/runtime
	$(NPM) ci --silent --omit=dev && touch agent_ui/node_modules/.runtime
agent_ui/node_modules/.dev: agent_ui/package-lock.json | .venv/runtime
	$(NPM) ci --silent && touch agent_ui/node_modules/.runtime agent_ui/node_modules/.dev
