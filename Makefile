.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup app app-dev app-mock run test check token migrate export-db cluster cluster-upgrade package size image-check generate mock use-cases sdk docs contract-diff lint bench bench-scale bench-replica capacity bench-profile lighthouse fuzz faults format clean
.PHONY: check-tests lint-generated lint-contract lint-use-cases lint-sdk lint-format lint-routes lint-types lint-code lint-terms lint-unused lint-dependencies

# The pinned version of Node.js, once it is installed.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SETUP := node_modules/.setup
SDK := node_modules/.sdk
DOCS := dist/docs/index.html
APP := frontend/.next/BUILD_ID
APP_BELOW_PATH := frontend/.next-below-path/BUILD_ID
PACKAGE := lib/cli.js

# $(call step,name,command,hint): runs a command, and shows its duration in seconds and the lines of its output that begin with
# "Note: ". If the command fails, shows its whole output and the hint. The arguments cannot contain commas.
define step
printf '%s … ' '$(1)'; start=$$(date +%s); \
if log=$$( { $(2); } 2>&1 9>&- ); then echo "$$(($$(date +%s) - start)) s"; printf '%s\n' "$$log" | grep '^Note: ' || true; \
else echo failed; printf '%s\n' "$$log" $(if $(3),'$(3)') >&2; exit 1; fi
endef

# The first line of a recipe that makes $@ from $^. It locks this directory (if flock is installed), so that only one make at a time
# runs such a recipe, and skips the recipe if another make has already made $@. The command of a step does not inherit the lock (9>&-).
define once
exec 9<.; \
if command -v flock >/dev/null && ! flock -w 2 9 2>/dev/null; then echo 'Waiting for another make in this directory …'; flock 9; fi; \
if [ -e $@ ] && [ -z "$$(find $(patsubst %,'%',$^) -newer $@)" ]; then exit 0; fi
endef

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(SETUP) ## Install the dependencies if they have changed

$(SETUP): package.json package-lock.json sdk/package.json frontend/package.json .npmrc
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 or newer (https://nodejs.org)' >&2; exit 1; }
	@# Install scripts of dependencies are off. Our script `prepare` links node, because npm 10 does not: two platform packages contain it.
	@$(once); \
	$(call step,Installing dependencies,npm ci --ignore-scripts --include=dev --include=optional --loglevel=error && npm run --silent prepare,Check that npm reaches its registry and run again: make setup); \
	node --version | grep -q '^v24\.' || { echo "Node.js 24 is required; this is $$(node --version). npm installs it on Linux (x64 and arm64); elsewhere get it from https://nodejs.org" >&2; exit 1; }; \
	touch $@

app: $(SDK) $(DOCS) $(APP) ## Start the application on http://localhost:3000 (other ports: APP_PORT=… PORT=…)
	@exec node src/commands/application.ts

app-dev: $(SDK) $(DOCS) ## Start the application and reload it when the code changes
	@exec node src/commands/application.ts --reload

app-mock: $(SDK) ## Start the frontend on the mock server, with a sample session (APP_PORT=… MOCK_PORT=…)
	@exec node src/commands/application-mock.ts

run: $(SETUP) $(DOCS) ## Start the service on http://localhost:8000 (PORT=… HOST=…)
	@exec env $$(node -p 'require("./package.json").scripts.start')

token: $(SETUP) ## Print a development token (user=alice)
	@exec node src/cli.ts token "$${user:-demo}"

migrate: $(SETUP) ## Apply pending database migrations
	@exec node src/cli.ts migrate

mock: $(SETUP) ## Start a mock server on http://localhost:4010 that returns the contract's examples (port=4011)
	@npm run --silent mock -- "$${port:-4010}"

use-cases: $(SETUP) ## Run the use cases against a running service (URL=http://localhost:8000 TOKEN=…)
	@npm run --silent use-cases

$(SDK): $(SETUP) $(shell find sdk/src generated -type f) sdk/package.json $(wildcard sdk/tsconfig*.json)
	@$(once); \
	$(call step,Building the client,npm run --silent build:sdk,Correct the errors in sdk/src and run again: make sdk); \
	touch $@

sdk: $(SDK) ## Build the client SDK into sdk/dist

# The frontend also uses code of the service.
FRONTEND := $(wildcard src/errors/*.ts src/net/*.ts src/settings/*.ts src/db/*.ts src/db/connection/*.ts) $(shell find frontend -type f -not -path '*/.next*' -not -path '*/node_modules/*' -not -name next-env.d.ts)

$(APP): $(SDK) $(FRONTEND)
	@$(once); \
	$(call step,Building the frontend,npm run --silent build:frontend,Correct the errors in frontend/ and run the command again)

# For the tests of the application below a path. It follows the other build, because both write frontend/next-env.d.ts.
$(APP_BELOW_PATH): $(SDK) $(FRONTEND) | $(APP)
	@$(once); \
	$(call step,Building the frontend for the path /todo,NEXT_DIST_DIR=.next-below-path BETTER_AUTH_URL=http://localhost/todo npm run --silent build:frontend,Correct the errors in frontend/ and run the command again)

$(DOCS): $(SETUP) openapi/tasks.yaml redocly.yaml $(wildcard openapi/redocly/*.* openapi/samples/*)
	@$(once); \
	$(call step,Building the documentation,npm run --silent docs,Correct the errors in openapi/ and run again: make docs)

docs: $(DOCS) ## Build the documentation into dist/docs/index.html
	@echo 'The documentation is $(DOCS); a running service shows it at /docs.'

export-db: $(SETUP) ## Copy the data of the embedded PostgreSQL to another database (to=postgres://…)
	@exec node ops/export-db.ts "$${to:-}"

cluster: $(SETUP) $(DOCS) ## Start replicas behind HAProxy, with Redis for the limits (replicas=3; PORT=…)
	@exec node ops/cluster.ts

cluster-upgrade: $(SETUP) ## Test a rolling upgrade from the last release to this version under load (from=<commit>; requests=20000)
	@exec node ops/cluster-upgrade.ts

$(PACKAGE): $(SETUP) rolldown.config.ts $(shell find src -type f)
	@$(once); \
	$(call step,Building the package,npm run --silent build:package)

package: $(PACKAGE) $(DOCS) ## Build lib/, the JavaScript of the npm package (npm pack does this as well)

size: $(SETUP) ## List the size of the production dependencies
	@exec node ops/size.ts

image-check: $(SETUP) ## Run the steps of the Dockerfile without Docker, and start the result read-only (target=frontend)
	@exec node ops/try-dockerfile.ts "$${target:-service}"

generate: $(SETUP) ## Generate generated/ from the contract
	@$(call step,Generating types and client,npm run --silent generate)

contract-diff: $(SETUP) ## List the changes of the contract since the last release, or since BASE=main, and rate how breaking they are
	@exec node openapi/redocly/contract-diff.ts "$${BASE:-}"

# The lint steps are independent of each other. Two of them run at a time; the output of each is shown when it ends.
LINT := lint-format lint-code lint-types lint-unused lint-contract lint-generated lint-sdk lint-terms lint-dependencies lint-use-cases
PARALLEL := $(MAKE) --silent --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync)

lint: $(SDK) ## Check generated files, contract, format, code, types, terms, unused code and dependencies
	@$(PARALLEL) $(LINT)

lint-generated:
	@$(call step,Checking generated files,npm run --silent generate:check)
lint-contract:
	@$(call step,Checking the contract,npm run --silent lint:contract)
lint-use-cases:
	@$(call step,Checking the use cases,npm run --silent lint:use-cases)
lint-sdk:
	@$(call step,Checking the client,npm run --silent lint:sdk)
lint-format:
	@$(call step,Checking the format,npm run --silent format:check,Format the files with: make format)
# The builds of the frontend and lint-routes write frontend/.next and frontend/next-env.d.ts.
lint-routes: | $(filter $(APP) $(APP_BELOW_PATH),$(MAKECMDGOALS))
	@npm run --silent routes
lint-types: lint-routes
	@$(call step,Checking types,npm run --silent types)
lint-code: lint-routes
	@$(call step,Checking the code,npm run --silent lint:code)
lint-terms:
	@$(call step,Checking terms,npm run --silent lint:terms,Replace the terms as suggested)
lint-unused:
	@$(call step,Checking for unused code,npm run --silent lint:unused)
lint-dependencies:
	@$(call step,Checking licences and known vulnerabilities,npm run --silent lint:dependencies,Update the packages or see ops/dependencies/rules.ts)

format: $(SETUP) ## Format all files
	@$(call step,Formatting all files,npm run --silent format)

check: $(SDK) ## Run the lint, the unit tests and the contract tests
	@$(PARALLEL) check-tests $(LINT)

# The tests mostly wait, so they run in parallel with the lint.
check-tests:
	@npm run --silent test -- --project unit --project contract

ifdef only
# The selected test files, and whether one of them matches the patterns. What only some tests need is built only for them.
SELECTED := $(shell find tests -name '*.test.ts' | grep -e "$(only)")
selects = $(filter $(1),$(SELECTED))

test: $(SDK) \
  $(if $(call selects,tests/frontend/e2e/% tests/integration/application.test.ts),$(APP)) \
  $(if $(call selects,tests/frontend/e2e/deployments.test.ts),$(APP_BELOW_PATH)) \
  $(if $(call selects,tests/docs/% tests/integration/package.test.ts),$(DOCS))
	@$(if $(call selects,tests/frontend/e2e/% %/browser.test.ts),node tests/support/install-chromium.ts,:)
	@npm run --silent test -- $(if $(SELECTED),,--testNamePattern) "$(only)"
else
test: $(SDK) ## Run all checks and tests (only=cursor: only the test files with that name or, if there are none, the tests with that name)
	@$(PARALLEL) $(APP) $(APP_BELOW_PATH) $(LINT) $(DOCS)
	@node tests/support/install-chromium.ts
	@npm run --silent test
endif

bench: $(PACKAGE) $(DOCS) ## Compare the service with other servers (quick=1: in two minutes; servers=… works=… connections=… rounds=… seconds=…)
	@exec node bench/compare.ts

bench-scale: $(SETUP) ## Compare lists in a database with 11 million tasks with lists in a small one (rows=1100000)
	@exec node bench/scale.ts

bench-replica: $(PACKAGE) ## Measure how much of the primary's CPU time a read replica saves
	@exec node bench/replica.ts

capacity: $(PACKAGE) $(DOCS) ## Measure the cost of a request and a task, and estimate what 1,000 to 1,000,000,000 users need (rows=1100000)
	@exec node bench/capacity.ts

bench-profile: $(SETUP) ## Print the CPU time of one request by package and folder
	@exec node bench/profile.ts

lighthouse: $(SDK) ## Measure the pages of a running application with Lighthouse, which it downloads (URL=… SERVICE_URL=…)
	@exec node bench/lighthouse.ts

fuzz: $(SETUP) ## Send random requests for a minute and check the responses against the contract (seconds=300)
	@case "$${seconds:-60}" in \
	0|*[!0-9]*) echo "seconds=$$seconds: expected a positive integer, for example: make fuzz seconds=300" >&2; exit 1;; \
	*) FUZZ_SECONDS="$${seconds:-60}" npm run --silent fuzz;; \
	esac

faults: $(SETUP) $(DOCS) ## Inject faults for 20 minutes and write docs/faults.md (a part, without writing: only=ledger writes=… requests=… seconds=… fault=…)
	@FAULTS=1 npm run --silent test -- --no-file-parallelism --disable-console-intercept=true --reporter=default \
	--reporter=./tests/faults/long/support/report.ts $$(find tests/faults/long -name '*$(only)*.test.ts')

clean: ## Remove dependencies and build output; keeps the data in .data/
	rm -rf node_modules dist lib sdk/dist frontend/.next frontend/.next-below-path
