MVN = ./mvnw -B -ntp

.PHONY: help check fast it format demo up compose clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check: ## all that a change must pass: what CI runs
	.ci/run

fast: ## compile and run the unit tests
	$(MVN) test

it: ## the tests against real servers, without the unit tests
	$(MVN) verify -Dsurefire.skip=true

format: ## bring Java and poms into the format
	$(MVN) -q spotless:apply

demo: ## the whole pipeline for a minute
	./warung demo --for 60s

up: ## all in containers, with shops that sell and two outlets
	docker compose --profile outlets up -d --wait

compose: ## kill every container in turn and verify after each
	config/compose-check.sh

clean: ## remove everything that was built
	$(MVN) -q clean
