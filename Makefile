.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup app app-dev app-mock run test check token migrate generate mock use-cases sdk docs contract-diff lint lighthouse fuzz format clean
.PHONY: lint-generated lint-contract lint-use-cases lint-sdk lint-format lint-types lint-code lint-unused check-tests

# The Node that the project is pinned to, once it is installed.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SETUP := node_modules/.setup
SDK := node_modules/.sdk
DOCS := dist/docs/index.html
APP := frontend/.next/BUILD_ID

# Steps that do not depend on each other. Two of them run at a time; each prints its output when it ends.
LINT := lint-types lint-code lint-contract lint-format lint-generated lint-sdk lint-use-cases lint-unused
PARALLEL := $(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync)

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(SETUP) ## Install the dependencies, when they have changed

$(SETUP): package.json package-lock.json sdk/package.json frontend/package.json .npmrc
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 or newer (https://nodejs.org)' >&2; exit 1; }
	@# One at a time, where there is flock: whoever comes second finds the work done.
	@exec 9>.setup.lock; flock 9 2>/dev/null || true; \
	for input in $^; do [ $@ -nt $$input ] || stale=yes; done; [ "$$stale" ] || exit 0; \
	echo 'Installing the dependencies; this takes a minute the first time.'; \
	npm ci --loglevel=error || exit; \
	node --version | grep -q '^v24\.' || { echo 'npm did not install the pinned Node.js 24; run: npm rebuild node' >&2; exit 1; }; \
	touch $@

app: $(SDK) $(DOCS) $(APP) ## Start the whole application on http://localhost:3000 (APP_PORT=… and PORT=… to change the ports)
	@exec node src/commands/application.ts

app-dev: $(SDK) $(DOCS) ## The same, following the changes of the code
	@exec node src/commands/application.ts --reload

app-mock: $(SDK) ## Start the frontend alone, on the mock server, with a made-up session
	@exec node src/commands/application-mock.ts

run: $(SETUP) $(DOCS) ## Start the service on http://localhost:8000 (PORT=… and HOST=… to change it)
	@exec node src/main.ts

token: $(SETUP) ## Print a development token (user=alice)
	@exec node src/commands/token.ts "$${user:-demo}"

migrate: $(SETUP) ## Bring the database's schema up to date
	@exec node src/commands/migrate.ts

mock: $(SETUP) ## Start a mock server on http://localhost:4010 that answers with the contract's examples (port=4011)
	@npm run --silent mock -- "$${port:-4010}"

use-cases: $(SETUP) ## Run the use cases against a running service (URL=http://localhost:8000 TOKEN=…)
	@npm run --silent use-cases

$(SDK): $(SETUP) $(shell find sdk/src generated -type f) sdk/package.json sdk/tsconfig.json
	@npm run --silent build:sdk
	@touch $@

sdk: $(SDK) ## Build the client SDK into sdk/dist

# The frontend uses some code of the service, too.
$(APP): $(SDK) frontend/package.json $(wildcard src/errors/*.ts src/settings/*.ts src/db/*.ts) $(shell find frontend -type f -not -path '*/.next/*' -not -path '*/node_modules/*' -not -name next-env.d.ts)
	@echo 'Building the frontend; this takes half a minute.'
	@log=$$(npm run --silent build:frontend 2>&1) || { echo "$$log" >&2; exit 1; }

$(DOCS): $(SETUP) openapi/tasks.yaml redocly.yaml $(wildcard openapi/redocly/*.* openapi/samples/*)
	@log=$$(npm run --silent docs 2>&1) || { echo "$$log" >&2; exit 1; }

docs: $(DOCS) ## Build the documentation into dist/docs/index.html
	@echo 'The documentation is $(DOCS); a running service shows it at /docs.'

generate: $(SETUP) ## Write generated/ anew from the contract
	npm run --silent generate

contract-diff: $(SETUP) ## Rate what has changed in the contract since the last release, or since BASE=main
	@exec node openapi/redocly/contract-diff.ts "$${BASE:-}"

lint: $(SDK) ## Check generated files, contract, format, code, types and unused code
	@$(PARALLEL) $(LINT)

lint-generated:
	npm run --silent generate:check
lint-contract:
	npm run --silent lint:contract
lint-use-cases:
	npm run --silent lint:use-cases
lint-sdk:
	npm run --silent lint:sdk
lint-format:
	npm run --silent format:check
lint-types:
	npm run --silent types
# The types of the frontend's routes are written by lint-types.
lint-code: lint-types
	npm run --silent lint:code
lint-unused:
	npm run --silent lint:unused

format: $(SETUP) ## Format all files
	npm run --silent format

check: $(SDK) ## Run lint, and the tests of single modules and of the contract
	@$(PARALLEL) $(LINT) check-tests

check-tests:
	npm run --silent test -- --project unit --project contract

ifdef only
test: $(SETUP)
	@npm run --silent test -- $$(find tests -name '*.test.ts' | grep -q -e "$(only)" || echo --testNamePattern) "$(only)"
else
test: $(SDK) ## Run every check and every test (only=cursor: only the test files, else the tests, of that name)
	@$(PARALLEL) $(LINT) $(DOCS)
	@$(MAKE) --no-print-directory $(APP)
	@node tests/support/install-chromium.ts
	npm run --silent test
endif

lighthouse: $(SDK) ## Measure the pages of a running application with Lighthouse (URL=… and SERVICE_URL=…)
	@exec node bench/lighthouse.ts

fuzz: $(SETUP) ## Send random requests of the contract for a minute, or as long as you like (seconds=300)
	@case "$${seconds:-60}" in \
	0|*[!0-9]*) echo "seconds=$$seconds is no whole number above 0; try: make fuzz seconds=300" >&2; exit 1;; \
	*) FUZZ_SECONDS="$${seconds:-60}" npm run --silent fuzz;; \
	esac

clean: ## Remove the dependencies and what is built; the data in .data/ stays
	rm -rf node_modules dist sdk/dist frontend/.next
