.DEFAULT_GOAL := help
.PHONY: help setup run test token migrate generate lint format clean

# The Node that the project is pinned to, once it is installed.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SETUP := node_modules/.setup

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(SETUP) ## Install the dependencies, when they have changed

$(SETUP): package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 or newer (https://nodejs.org)' >&2; exit 1; }
	@echo 'Installing the dependencies; this takes a minute the first time.'
	@npm ci --loglevel=error
	@node --version | grep -q '^v24\.' || { echo 'npm did not install the pinned Node.js 24; run: npm rebuild node' >&2; exit 1; }
	@touch $@

run: $(SETUP) ## Start the service on http://localhost:8000 (PORT=… and HOST=… to change it)
	@exec node src/main.ts

token: $(SETUP) ## Print a development token (user=alice)
	@exec node src/token.ts "$${user:-demo}"

migrate: $(SETUP) ## Bring the database's schema up to date
	@exec node src/migrate.ts

generate: $(SETUP) ## Write generated/ anew from the contract
	npm run --silent generate

lint: $(SETUP) ## Check generated files, contract, format, code, types and unused code
	npm run --silent generate:check
	npm run --silent lint:contract
	npm run --silent format:check
	npm run --silent lint:code
	npm run --silent types
	npm run --silent lint:unused

format: $(SETUP) ## Format all files
	npm run --silent format

test: lint ## Run every check and every test
	npm run --silent test

clean: ## Remove the dependencies; the data in .data/ stays
	rm -rf node_modules
