#!/bin/sh
# wheel.sh: build the wheel into dist/, install it with what requirements.lock names into an environment that knows
# nothing of this checkout, and there read a sample and open a record: what a wheel forgets is missed here.
set -eu
here=$(pwd)
rm -rf dist
.venv/bin/python -m pip wheel --disable-pip-version-check -q --no-deps --no-build-isolation -w dist .

clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
.venv/bin/python -m venv "$clean/venv"
"$clean/venv/bin/python" -m pip install --disable-pip-version-check -q --require-hashes --no-deps --only-binary :all: \
    -r requirements.lock
"$clean/venv/bin/python" -m pip install --disable-pip-version-check -q --no-deps --no-index "$here"/dist/*.whl
"$clean/venv/bin/python" -m pip check

cd "$clean"
refpad=$clean/venv/bin/refpad
"$refpad" --version
samples=$("$clean/venv/bin/python" -P -c 'from refpad.cli.ops.up_display import SAMPLES; print(SAMPLES)')
case $samples in "$clean"/*) ;; *) echo "The samples come from $samples, not from the wheel." >&2 && exit 1 ;; esac
# 0: accepted, 1: a person is needed; both are readings.
"$refpad" read "$samples/neat-slip.png" --json >read.json || [ $? = 1 ]
"$clean/venv/bin/python" -P - "$samples/truth.json" <<'CHECK'
import json
import sys
from pathlib import Path

read = json.loads(Path("read.json").read_text("utf-8"))
scans = json.loads(Path(sys.argv[1]).read_text("utf-8"))["scans"]
[truth] = [placed["slip"] for scan in scans if scan["file"] == "neat-slip.png" for placed in scan["slips"]]
ticked = {name: mark["value"] == "checked" for name, mark in read["marks"].items()}
if (read["design"], read["serial"], ticked) != (truth["design"], truth["serial"], truth["marks"]):
    sys.exit("The installed refpad reads the sample otherwise than its truth.")
print(f"neat-slip.png: {read['design']}, serial {read['serial']}, {read['verdict']}")
CHECK
"$refpad" status --json >/dev/null
echo "The wheel works: $(cd "$here" && ls dist/*.whl)"
