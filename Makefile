.DEFAULT_GOAL := help
# The launcher builds under the same lock: neither builds into what the other one builds.
LOCK := $(if $(shell command -v flock),flock .build.lock)

.PHONY: help serve verify tarball bench faults format lint-proto

help: ## Show this
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

serve: ## Run the server on its defaults
	./feedback-webhooks serve

verify: ## Pass all tests
	./mvnw verify

tarball: ## Pack what is shipped, with a Java of its own, into packaging/target
	$(LOCK) ./mvnw --quiet -Ptarball package

bench: ## Measure, in under ten minutes (needs nginx and h2load)
	./feedback-webhooks bench

faults: ## Break it on purpose, in ten minutes
	./feedback-webhooks faults

format: ## Format the code (needs JAVA_HOME of a JDK 25)
	./mvnw --quiet spotless:apply

lint-proto: ## Check the API's style (after a build)
	npx --yes @bufbuild/buf lint proto
