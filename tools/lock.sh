#!/bin/sh
# Writes requirements/*.txt: every package the project installs, with the hashes of all its files on the public index.
#   sh tools/lock.sh            keep what is locked, add and drop what pyproject.toml says
#   sh tools/lock.sh --upgrade  and take the newest of everything (read the diff, look at the pages)
set -eu
cd "$(dirname "$0")/.."

# The lock must not know this machine: no local wheels, no second index, no configuration file.
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_NO_INDEX PIP_CONSTRAINT PIP_REQUIREMENT
export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
export CUSTOM_COMPILE_COMMAND='make lock'

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
# By the oldest Python we support: what only it needs has to be in.
"$(command -v python3.11 || command -v python3)" -m venv "$tools"
"$tools/bin/python" -m pip install --quiet pip-tools==7.6.2

compile() {
    "$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --resolver=backtracking \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options "$@"
}
compile "$@" --output-file requirements/runtime.txt pyproject.toml requirements/build.in
compile "$@" --output-file requirements/dev.txt --extra dev --constraint requirements/runtime.txt \
    pyproject.toml requirements/build.in
