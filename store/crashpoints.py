"""Places where a test may kill the process: each durable step names one."""

import os
import signal
from collections import Counter

CRASH_VARIABLE = "REFPAD_CRASH_AT"
_hits: Counter[str] = Counter()


def crashpoint(name: str) -> None:
    """Kill this process, as a power cut would, when REFPAD_CRASH_AT is `name`, or `name:n` at the n-th pass.

    Stopping at every named step finds ordering bugs that kills at random moments do not: the dangerous
    window is a small part of the running time.
    """
    wanted = os.environ.get(CRASH_VARIABLE)
    if wanted is None:
        return
    _hits[name] += 1
    at, _, nth = wanted.partition(":")
    if at == name and _hits[name] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)


def pass_counts() -> dict[str, int]:
    """How often each point was passed since the process started; counted only while the variable is set."""
    return dict(_hits)
