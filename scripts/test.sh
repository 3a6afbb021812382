#!/bin/sh
# test.sh WORKERS [PYTEST-ARGUMENT...]: run the tests. Tests of one file share a process, and with it what is slow
# to start (a database cluster, a Prefect server).
set -u
workers=$1
shift
.venv/bin/python -m pytest -q -n "$workers" --dist loadfile "$@"
status=$?
if [ "$status" = 5 ]; then
    echo "No test was found for: ${*:-the whole suite}. Tests lie in tests/<room>/test_*.py." >&2
fi
exit "$status"
