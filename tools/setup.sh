#!/bin/sh
# Makes this machine able to build the leaflets, then does what was asked. Asks nothing, may be run again and again.
#   sh tools/setup.sh leaflets […]   set up, then build the workspace of this folder     (what `make leaflets` runs)
#   sh tools/setup.sh test […]       set up for development, then run the tests          (what `make test` runs)
#   sh tools/setup.sh run            set up only
#   sh tools/setup.sh dev            set up only, for development
#   sh tools/setup.sh bench          set up only, for the benchmarks too
# POLYLEAF_SYSTEM=ok in the environment: the system's part is there already, in a way that dpkg does not know.
set -eu
cd "$(dirname "$0")/.."

# Debian packages. The one list: README, Containerfile and CI all come here.
SYSTEM_RUN='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core gettext
hyphen-bn hyphen-hi hyphen-ml hyphen-ta'
SYSTEM_DEV='poppler-utils qpdf chromium npm default-jre-headless'
SYSTEM_BENCH='po4a fonts-noto-cjk fonts-hanazono'
IN_WORDS='Python 3.11 or newer with venv, Pango 1.44 or newer, HarfBuzz with its subset library, the Noto fonts
(Debian: fonts-noto-core), hyphenation dictionaries for Bengali, Hindi, Malayalam and Tamil (Debian: hyphen-bn …),
gettext; for the tests also poppler-utils, qpdf, chromium, npm and a Java runtime; for the benchmarks po4a and fonts with
every CJK character (Debian: fonts-noto-cjk, fonts-hanazono)'

main() {
    task=${1:-run}
    [ $# -eq 0 ] || shift
    case $task in
        leaflets | run) kind=runtime packages=$SYSTEM_RUN ;;
        test | dev) kind=dev packages="$SYSTEM_RUN $SYSTEM_DEV" ;;
        bench) kind=dev packages="$SYSTEM_RUN $SYSTEM_DEV $SYSTEM_BENCH" ;;
        *) stop "tools/setup.sh [leaflets | test | run | dev | bench], not: $task" ;;
    esac
    install_system_packages
    install_python_packages
    case $task in test | dev | bench) fetch_test_data ;; esac
    case $task in
        leaflets) exec .venv/bin/polyleaf build "$@" ;;
        test) exec .venv/bin/python -m pytest "$@" ;;
    esac
}

say() { printf '%s\n' "setup: $*" >&2; }
stop() {
    say "$*"
    exit 1
}

# --- the system's part ---

install_system_packages() {
    [ "${POLYLEAF_SYSTEM:-}" != ok ] || return 0
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || stop "this is not Debian or Ubuntu.
Polyleaf needs $IN_WORDS.
When they are there, say so: POLYLEAF_SYSTEM=ok make leaflets"
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    install="apt-get install --no-install-recommends $missing"
    if [ "$(id -u)" -ne 0 ]; then
        say 'these packages of the system are missing; install them, then start again:'
        printf '%s\n' "sudo $install" >&2
        exit 1
    fi
    say "installing$(printf ' %s' $missing)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q </dev/null >&2
    apt-get install -q -y --no-install-recommends $missing </dev/null >&2
}

# What dpkg does not have, on one line.
missing_packages() {
    wanted=$packages
    if ! usable .venv/bin/python && ! find_python >/dev/null; then wanted="python3 python3-venv $wanted"; fi
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null || :)
    separator=
    for package in $wanted; do
        ! is_here_otherwise "$package" || continue
        case "
$installed
" in *"
$package installed
"*) continue ;; esac
        printf '%s%s' "$separator" "$package"
        separator=' '
    done
}

# Of these any that is there will do, whoever installed it.
is_here_otherwise() {
    case $1 in
        chromium) has_browser ;;
        npm) command -v npm >/dev/null ;;
        default-jre-headless) command -v java >/dev/null ;;
        *) return 1 ;;
    esac
}

# Ubuntu's browser is no Debian package; where there is none, the tests that drive one are skipped.
has_browser() {
    for browser in chromium chromium-browser google-chrome; do
        ! command -v "$browser" >/dev/null || return 0
    done
    grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null
}

# --- the Python part ---

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# The Python that makes the venv; 3.11 first, because WeasyPrint sets a page fastest on it.
find_python() {
    for candidate in python3.11 python3.12 python3.13 python3 /usr/bin/python3; do
        if usable "$candidate" && "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# Bring .venv to what requirements/$kind.txt locks. A venv made for development also serves to run.
install_python_packages() {
    stamp=.venv/polyleaf-setup
    wanted=$(state)
    if [ -f "$stamp" ]; then
        read -r made_for <"$stamp"
        [ "$made_for" != "$wanted" ] || return 0
        if [ "$kind" = runtime ]; then
            case $made_for in *" dev "*) kind=dev wanted=$(state) ;; esac
            [ "$made_for" != "$wanted" ] || return 0
        fi
        # Ours, but of another place or another Python (moved, copied, the system upgraded): scripts point elsewhere.
        [ "${made_for%% *}" = "${wanted%% *}" ] || make_venv --clear
    elif [ ! -e .venv ]; then
        make_venv
    elif ! usable .venv/bin/python; then
        [ -f .venv/pyvenv.cfg ] || stop '.venv is there and is not a virtual environment; move it away'
        make_venv --clear
    fi
    say "installing the Python packages of requirements/$kind.txt"
    pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >&2
    # Every file is checked against its hash; what is locked is all there is.
    pip install --require-hashes --no-deps --requirement "requirements/$kind.txt"
    pip install --no-deps --no-build-isolation --no-index --editable .
    state >"$stamp"
}

# What the tests read or run and the repository may not hold, into .venv/test-data, checked against its hash. What cannot be fetched
# is said, and tried again the next time; the tests that need it say that they are skipped.
fetch_test_data() {
    folder=.venv/test-data
    mkdir -p "$folder"
    whole=yes
    fetch_python_packages || whole=no
    fetch_npm_packages || whole=no
    [ "$whole" = yes ] || say 'some of the test data could not be fetched; the tests that need it are skipped'
}

fetch_python_packages() {
    stamp=$folder/stamp
    wanted=$(cat requirements/test-data.txt requirements/test-tools.txt | sha256sum)
    [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ] || return 0
    say 'fetching the test data of requirements/test-data.txt and requirements/test-tools.txt'
    rm -rf "$stamp" "$folder/backend" "$folder/weblate" "$folder"/*.whl "$folder"/*.tar.gz
    complete=yes
    fetch_sources || complete=no
    fetch_tools || complete=no
    [ "$complete" = yes ] || return
    printf '%s\n' "$wanted" >"$stamp"
}

# Archives of sources. Their own build is not run: pip asks a build backend for a package's name even where it only downloads; ours
# answers.
fetch_sources() {
    mkdir -p "$folder/backend/setuptools"
    : >"$folder/backend/setuptools/__init__.py"
    cat >"$folder/backend/setuptools/build_meta.py" <<'END'
import pathlib

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    lines = pathlib.Path("PKG-INFO").read_text("utf-8").splitlines()
    name, version = (next(x[len(k) :] for x in lines if x.startswith(k)) for k in ("Name: ", "Version: "))
    made = pathlib.Path(folder, f"{name}-{version}.dist-info")
    made.mkdir()
    made.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    return made.name

class __legacy__:
    prepare_metadata_for_build_wheel = staticmethod(prepare_metadata_for_build_wheel)
    get_requires_for_build_wheel = staticmethod(lambda config_settings=None: [])
END
    fetched=0
    (
        export PYTHONPATH="$PWD/$folder/backend"
        pip download --require-hashes --no-deps --no-binary :all: --no-build-isolation --use-pep517 \
            --dest "$folder" --requirement requirements/test-data.txt
    ) || fetched=$?
    rm -rf "$folder/backend"
    return "$fetched"
}

# Wheels. Django's is only read; Weblate's search lies unpacked beside, where no import of ours finds it.
fetch_tools() {
    pip download --require-hashes --no-deps --only-binary :all: \
        --dest "$folder" --requirement requirements/test-tools.txt || return
    pip install --no-index --no-deps --target "$folder/weblate" \
        "$folder"/translation_finder-*.whl "$folder"/weblate_language_data-*.whl "$folder"/charset_normalizer-*.whl
}

# npm's packages: NAME-VERSION.tgz, unpacked beside into NAME. Nothing of theirs is installed and none of their scripts is run.
fetch_npm_packages() {
    stamp=$folder/npm-stamp
    wanted=$(sha256sum <requirements/npm.txt)
    [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ] || return 0
    command -v npm >/dev/null || { say 'there is no npm'; return 1; }
    say 'fetching the test data of requirements/npm.txt'
    rm -f "$stamp" "$folder"/*.tgz
    complete=yes
    while read -r package integrity; do
        case $package in '' | '#'*) continue ;; esac
        fetch_npm_package "${package%@*}" "${package##*@}" "$integrity" || complete=no
    done <requirements/npm.txt
    [ "$complete" = yes ] || return
    printf '%s\n' "$wanted" >"$stamp"
}

fetch_npm_package() {
    new=$folder/new
    rm -rf "$folder/$1" "$new"
    mkdir "$new"
    npm pack "$1@$2" --loglevel error --ignore-scripts --pack-destination "$new" </dev/null >/dev/null &&
        has_integrity "$new/$1-$2.tgz" "$3" &&
        tar -xzf "$new/$1-$2.tgz" -C "$new" --no-same-owner --strip-components=1 &&
        mv "$new/$1-$2.tgz" "$folder/" && mv "$new" "$folder/$1" || { rm -rf "$new"; say "not fetched: $1@$2"; return 1; }
}

# Whether a file is what a line of requirements/npm.txt says: sha512-BASE64, as npm writes it.
has_integrity() {
    found=$(.venv/bin/python -c 'import base64, hashlib, sys
print("sha512-" + base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$1") || return
    [ "$found" = "$2" ] || { say "$1 is not what requirements/npm.txt says"; return 1; }
}

# One line: "PLACE-AND-PYTHON KIND LOCK". Its first word differs when the venv has to be made anew.
state() {
    place=$({ pwd -P; .venv/bin/python -c 'import sys; print(sys.version_info[:2])' 2>/dev/null || :; } | sha256sum)
    lock=$(cat "requirements/$kind.txt" pyproject.toml | sha256sum)
    printf '%s %s %s\n' "${place%% *}" "$kind" "${lock%% *}"
}

make_venv() {
    python=$(find_python) || stop "no Python 3.11 or newer with venv here.
Polyleaf needs $IN_WORDS."
    say "making .venv with $("$python" --version)"
    "$python" -m venv "$@" .venv
}

pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check --no-input "$@" </dev/null >&2; }

main "$@"
