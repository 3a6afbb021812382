#!/bin/sh
# venv.sh LOCK: see that .venv holds exactly what LOCK names, by its hashes, and the command `refpad`.
# A stamp with the lock's hash makes the second time quick.
set -eu
lock=$1
python=${PYTHON:-python3}
here=$(pwd)

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "refpad needs Python 3.11 or newer, and $python is $("$python" -V 2>&1). Name a newer one:  make PYTHON=python3.11 run" >&2
    exit 3
fi

stamp=.venv/$(basename "$lock").stamp
wanted=$({ echo "$here" && "$python" -V && cat "$lock" scripts/venv.sh; } | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x .venv/bin/python ]; then
    exit 0
fi

if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Making a Python environment in .venv"
    "$python" -m venv --clear .venv
fi
echo "Installing $(grep -c '^[a-z0-9]' "$lock") Python packages from $lock (a few minutes the first time)"
if ! .venv/bin/python -m pip install --disable-pip-version-check -q --require-hashes --no-deps --only-binary :all: -r "$lock"; then
    echo "pip could not install $lock (its reason stands above). Is the network there? Then run make again." >&2
    exit 3
fi

# The checkout itself is importable through a path file and needs no build.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$here" >"$site/refpad.pth"
# -P: a file of the folder one happens to stand in must not replace a module of refpad.
printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m refpad "$@"\n' "$here" >.venv/bin/refpad
chmod +x .venv/bin/refpad
echo "$wanted" >"$stamp"
