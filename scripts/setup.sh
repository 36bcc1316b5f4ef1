#!/bin/sh
# Makes .venv with the project and its tools in it; needs a Python of 3.11 or newer and nothing else.
#
#   scripts/setup.sh              install the project and the group `dev` of pyproject.toml
#   scripts/setup.sh GROUP        install another group into the same .venv
#   scripts/setup.sh --python     only say which Python would be used
#
# PYTHON=/path/to/python chooses one. uv is used where it is installed, pip otherwise.
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf 'setup: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' </dev/null >/dev/null 2>&1; }

# Debian and Ubuntu leave ensurepip out of python3 and ship it in python3-venv.
has_venv() { "$1" -c 'import ensurepip, venv' </dev/null >/dev/null 2>&1; }

# Every match on PATH, not the first: that may be a version manager's stub, which starts nothing.
pythons() {
    for name in python3.13 python3.12 python3.11 python3.14 python3 python; do
        (
            IFS=:
            for folder in $PATH; do
                candidate=${folder:-.}/$name
                if [ -f "$candidate" ] && [ -x "$candidate" ]; then printf '%s\n' "$candidate"; fi
            done
        )
    done
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" || fail "PYTHON=$PYTHON does not start, or is older than 3.11"
        printf '%s\n' "$PYTHON"
        return
    fi
    pythons | {
        best=
        while IFS= read -r candidate; do
            new_enough "$candidate" || continue
            [ -n "$best" ] || best=$candidate
            if has_venv "$candidate"; then
                best=$candidate
                break
            fi
        done
        printf '%s\n' "$best"
    }
}

add_venv_module() {
    package=python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        printf 'setup: installing the package %s …\n' "$package" >&2
        apt-get update -q >/dev/null 2>&1 || true # a stale index shows in the next line
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package" </dev/null >/dev/null || true
    fi
    has_venv "$1" || fail "$1 cannot make virtual environments" \
        "install the missing part, on Debian and Ubuntu: sudo apt-get install $package" \
        "or name another Python: make PYTHON=/path/to/python3"
}

make_venv() {
    rm -rf .venv # half made, or of a Python that is gone
    python=$(find_python)
    if [ -n "$uv" ]; then
        if "$uv" venv --quiet --python "${python:->=3.11}" .venv; then return; fi
        printf 'setup: uv could not make .venv; trying without it\n' >&2
        uv=
        rm -rf .venv
    fi
    [ -n "$python" ] || fail "no Python of 3.11 or newer on PATH" \
        "install one, on Debian 12 and newer: apt-get install python3 python3-venv" \
        "or name one: make PYTHON=/path/to/python3"
    has_venv "$python" || add_venv_module "$python"
    "$python" -m venv .venv || fail "$python could not make .venv (its message is above)"
}

# What pip says is kept for the case that it fails.
install_with_pip() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    if .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" </dev/null >.venv/install.log 2>&1; then
        return
    fi
    cat .venv/install.log >&2
    return 1
}

# pip knows groups only since 25.1; Python 3.11 comes with an older one.
requirements() {
    .venv/bin/python - "$1" <<'PYTHON'
import sys
import tomllib

with open("pyproject.toml", "rb") as file:
    groups = tomllib.load(file)["dependency-groups"]
if sys.argv[1] not in groups:
    sys.exit(f"setup: pyproject.toml has no dependency group {sys.argv[1]}; it has {', '.join(groups)}")
print("\n".join(groups[sys.argv[1]]))
PYTHON
}

if [ "${1:-}" = --python ]; then
    found=$(find_python)
    [ -n "$found" ] || fail "no Python of 3.11 or newer on PATH"
    printf '%s\n' "$found"
    exit
fi

group=${1:-dev}
uv=$(command -v uv || true)
if ! new_enough .venv/bin/python; then make_venv; fi
printf 'setup: installing the project and its group "%s" into .venv …\n' "$group" >&2
requirements "$group" >".venv/$group.txt"
if [ -n "$uv" ] && "$uv" pip install --quiet --python .venv/bin/python --editable . --requirement ".venv/$group.txt"; then
    exit
fi
install_with_pip --editable . --requirement ".venv/$group.txt" ||
    fail "the packages could not be installed (pip's message is above)" \
        "is there a network, or a package index that pip is configured for?"
