.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup app app-dev app-mock run test token migrate generate mock use-cases sdk docs contract-diff lint lighthouse fuzz format clean

# The Node that the project is pinned to, once it is installed.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SETUP := node_modules/.setup
SDK := node_modules/.sdk
DOCS := dist/docs/index.html
APP := frontend/.next/BUILD_ID

# $(call step,name,command,hint): runs a command, and shows how many seconds it took. If it fails, its output and the hint are
# shown. No part can contain a comma.
define step
printf '%s … ' '$(1)'; start=$$(date +%s); \
if log=$$( { $(2); } 2>&1 9>&- ); then echo "$$(($$(date +%s) - start)) s"; \
else echo failed; printf '%s\n' "$$log" $(if $(3),'$(3)') >&2; exit 1; fi
endef

# Begins a recipe that makes $@ from $^. Where flock is installed, it locks this directory, so that only one make at a time runs
# such a recipe. The recipe ends here if another make has done the work. The command of a step does not inherit the lock (9>&-).
define once
exec 9<.; \
if command -v flock >/dev/null && ! flock -w 2 9 2>/dev/null; then echo 'Waiting for another make in this directory …'; flock 9; fi; \
if [ -e $@ ] && [ -z "$$(find $(^:%='%') -newer $@)" ]; then exit 0; fi
endef

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(SETUP) ## Install the dependencies, when they have changed

$(SETUP): package.json package-lock.json sdk/package.json frontend/package.json .npmrc
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 or newer (https://nodejs.org)' >&2; exit 1; }
	@# Without install scripts of dependencies. Our own one links node, because npm 10 does not: packages of two platforms have it.
	@$(once); \
	$(call step,Installing dependencies,npm ci --ignore-scripts --include=dev --include=optional --loglevel=error && npm run --silent postinstall,Check that npm reaches its registry and run again: make setup); \
	node --version | grep -q '^v24\.' || { echo "Node.js 24 is required; this is $$(node --version). npm installs it on Linux (x64 and arm64); elsewhere get it from https://nodejs.org" >&2; exit 1; }; \
	touch $@

app: $(SDK) $(DOCS) $(APP) ## Start the whole application on http://localhost:3000 (APP_PORT=… and PORT=… to change the ports)
	@exec node src/application.ts

app-dev: $(SDK) $(DOCS) ## The same, following the changes of the code
	@exec node src/application.ts --reload

app-mock: $(SDK) ## Start the frontend alone, on the mock server, with a made-up session
	@exec node src/application-mock.ts

run: $(SETUP) $(DOCS) ## Start the service on http://localhost:8000 (PORT=… and HOST=… to change it)
	@exec node src/main.ts

token: $(SETUP) ## Print a development token (user=alice)
	@exec node src/token.ts "$${user:-demo}"

migrate: $(SETUP) ## Bring the database's schema up to date
	@exec node src/migrate.ts

mock: $(SETUP) ## Start a mock server on http://localhost:4010 that answers with the contract's examples (port=4011)
	@npm run --silent mock -- "$${port:-4010}"

use-cases: $(SETUP) ## Run the use cases against a running service (URL=http://localhost:8000 TOKEN=…)
	@npm run --silent use-cases

$(SDK): $(SETUP) $(shell find sdk/src generated -type f) sdk/package.json sdk/tsconfig.json
	@$(once); \
	$(call step,Building the client,npm run --silent build:sdk,Correct the errors in sdk/src and run again: make sdk); \
	touch $@

sdk: $(SDK) ## Build the client SDK into sdk/dist

# The frontend uses some code of the service, too.
$(APP): $(SDK) frontend/package.json $(wildcard src/*.ts src/db/*.ts) $(shell find frontend -type f -not -path '*/.next/*' -not -path '*/node_modules/*' -not -name next-env.d.ts)
	@$(once); \
	$(call step,Building the frontend,npm run --silent build:frontend,Correct the errors in frontend/ and run the command again)

$(DOCS): $(SETUP) openapi/tasks.yaml redocly.yaml $(wildcard openapi/redocly/*.* openapi/samples/*)
	@$(once); \
	$(call step,Building the documentation,npm run --silent docs,Correct the errors in openapi/ and run again: make docs)

docs: $(DOCS) ## Build the documentation into dist/docs/index.html
	@echo 'The documentation is $(DOCS); a running service shows it at /docs.'

generate: $(SETUP) ## Write generated/ anew from the contract
	@$(call step,Generating types and client,npm run --silent generate)

contract-diff: $(SETUP) ## Rate what has changed in the contract since the last release, or since BASE=main
	@exec node openapi/redocly/contract-diff.ts "$${BASE:-}"

lint: $(SDK) ## Check generated files, contract, format, code, types and unused code
	@$(call step,Checking generated files,npm run --silent generate:check)
	@$(call step,Checking the contract,npm run --silent lint:contract)
	@$(call step,Checking the use cases,npm run --silent lint:use-cases)
	@$(call step,Checking the client,npm run --silent lint:sdk)
	@$(call step,Checking the format,npm run --silent format:check,Format the files with: make format)
	@# Before the code: it writes the types of the frontend's routes.
	@$(call step,Checking types,npm run --silent types)
	@$(call step,Checking the code,npm run --silent lint:code)
	@$(call step,Checking for unused code,npm run --silent lint:unused)

format: $(SETUP) ## Format all files
	@$(call step,Formatting all files,npm run --silent format)

test: lint $(DOCS) $(APP) ## Run every check and every test
	@node tests/support/install-chromium.ts
	npm run --silent test

lighthouse: $(SDK) ## Measure the pages of a running application with Lighthouse (URL=… and SERVICE_URL=…)
	@exec node bench/lighthouse.ts

fuzz: $(SETUP) ## Send random requests of the contract for a minute, or as long as you like (seconds=300)
	@case "$${seconds:-60}" in \
	0|*[!0-9]*) echo "seconds=$$seconds is no whole number above 0; try: make fuzz seconds=300" >&2; exit 1;; \
	*) FUZZ_SECONDS="$${seconds:-60}" npm run --silent fuzz;; \
	esac

clean: ## Remove the dependencies and what is built; the data in .data/ stays
	rm -rf node_modules dist sdk/dist frontend/.next
