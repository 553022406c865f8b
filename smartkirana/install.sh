#!/bin/sh
# Make .venv and install what a requirements file lists, only when something changed since the last time.
# Usage, from the checkout: sh smartkirana/install.sh requirements.txt
set -e

wanted=$1
stamp=.venv/installed-$(basename "$wanted" .txt)
lists="requirements.txt $wanted constraints.txt"

if [ -d .venv ] && ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    echo "The .venv is broken (its Python is gone, or it was never finished): making it again."
    rm -rf .venv
fi
if [ ! -d .venv ]; then
    python=$(sh smartkirana/find_python.sh)
    echo "Making .venv with $python"
    "$python" -m venv .venv
fi
# shellcheck disable=SC2086 (a list of file names)
if ! cat $lists | cmp -s - "$stamp"; then
    echo "Installing what $wanted lists (a minute at first, then only after changes)"
    if ! { command -v uv >/dev/null && uv pip install -q --python .venv/bin/python -r "$wanted" -c constraints.txt 2>/dev/null; }; then
        .venv/bin/python -m pip install -qq --disable-pip-version-check -r "$wanted" -c constraints.txt
    fi
    cat $lists >"$stamp"
fi
