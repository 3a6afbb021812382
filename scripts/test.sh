#!/bin/sh
# test.sh WORKERS [PYTEST-ARGUMENT...]: run the tests. Tests of one file share a process, and with it what is slow
# to start (a database cluster, a Prefect server). Files begin in the order of collection, the longest first
# (tests/conftest.py), and not by how many tests they hold.
set -u
workers=$1
shift
.venv/bin/python -m pytest -q -n "$workers" --dist loadfile --no-loadscope-reorder "$@"
status=$?
if [ "$status" = 5 ]; then
    echo "No test was found for: ${*:-the whole suite}. Tests lie in tests/<room>/test_*.py." >&2
fi
exit "$status"
