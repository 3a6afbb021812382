#!/bin/sh
# coverage.sh WORKERS [PYTEST-ARGUMENT...]: run the tests and print how much of each room they run, by lines and
# branches. Child processes are counted too; what a test kills outright has no time to say what it ran.
set -u
workers=$1
shift
.venv/bin/python -m coverage erase
.venv/bin/python -m coverage run -m pytest -q -n "$workers" --dist loadfile "$@"
status=$?
.venv/bin/python -m coverage combine --quiet
.venv/bin/python -m coverage report
exit "$status"
