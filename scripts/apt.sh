#!/bin/sh
# apt.sh PACKAGE...: see that what these Debian packages bring is there; install what is missing when that is
# possible without asking anybody, else say exactly what to install, and stop.
set -eu
python=${PYTHON:-python3}

# Asked by what they bring, not by dpkg: on other systems the same parts come from elsewhere.
present() {
    case $1 in
    python3) command -v "$python" ;;
    python3-venv) "$python" -c 'import ensurepip, venv' ;;
    tesseract-ocr) command -v tesseract ;;
    poppler-utils) command -v pdftoppm && command -v pdfinfo ;;
    lib*0)
        name=${1%0}
        "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "${name%-}.so.0"
        ;;
    postgresql) command -v initdb || ls /usr/lib/postgresql/*/bin/initdb ;;
    chromium) command -v chromium ;;
    *) dpkg -s "$1" ;;
    esac >/dev/null 2>&1
}

missing=
for package in "$@"; do
    present "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

by_hand="Install them by hand:  apt-get install -y$missing"
if ! command -v apt-get >/dev/null; then
    echo "Missing system packages (Debian's names):$missing. There is no apt-get here; install them with this system's package manager, then run make again." >&2
    exit 3
elif [ "$(id -u)" = 0 ]; then
    root=
elif sudo -n true 2>/dev/null; then
    root="sudo -n"
else
    echo "Missing system packages:$missing. $by_hand  (as root), then run make again." >&2
    exit 3
fi

echo "Installing system packages:$missing"
# A list of packages that cannot be renewed may still do; whether it does, the installation shows.
$root env DEBIAN_FRONTEND=noninteractive apt-get -q -q update || true
# shellcheck disable=SC2086  # a list of words on purpose
if ! $root env DEBIAN_FRONTEND=noninteractive apt-get -q -q install -y --no-install-recommends $missing >/dev/null; then
    echo "apt-get could not install:$missing (its reason stands above). Is the network there? $by_hand" >&2
    exit 3
fi
