#!/bin/sh
# Print the path of a Python that can run SmartKirana (3.12 or newer, able to make a virtual environment), or say what to do.
# PYTHON=/path/to/python overrides the search. Inside the checkout pyenv's shims follow .python-version.

unable=""

try() {
    found=$(command -v "$1" 2>/dev/null) || return 1
    "$found" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || return 1
    if ! "$found" -c 'import venv, ensurepip' 2>/dev/null; then
        unable=$found
        return 1
    fi
    "$found" -c 'import sys; print(sys.executable)'
}

if [ -n "$PYTHON" ]; then
    try "$PYTHON" && exit 0
    [ -n "$unable" ] || echo "PYTHON=$PYTHON is not a Python 3.12 or newer." >&2
else
    for name in python3.13 python3.12 python3.14 python3 python "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3; do
        try "$name" && exit 0
    done
    [ -n "$unable" ] || echo "SmartKirana needs Python 3.12 or newer. Install it (Debian 13: apt install python3 python3-venv; anywhere: pyenv install 3.13), or name one: PYTHON=/path/to/python3 make run" >&2
fi
[ -z "$unable" ] || echo "$unable cannot make virtual environments. Install its venv module (Debian: apt install python3-venv)." >&2
exit 1
