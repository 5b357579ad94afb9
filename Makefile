# Thin on purpose: the work is in tools/. No make on the machine? `sh tools/setup.sh leaflets` does the same.
.PHONY: leaflets test lint lock clean

# make leaflets ARGS="--locale fr"
leaflets:
	@sh tools/setup.sh leaflets $(ARGS)

# make test ARGS="-k imposition"
test:
	@sh tools/setup.sh test $(ARGS)

lint:
	@sh tools/setup.sh dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# make lock ARGS=--upgrade
lock:
	@sh tools/lock.sh $(ARGS)

clean:
	rm -rf build dist .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
