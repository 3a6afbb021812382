"""The memory of a process is its largest, and none where it is gone."""

import subprocess
import sys

from bench.speed.memory import peak_mb


def test_the_peak_is_what_a_process_held_at_most() -> None:
    """What it has given back counts too: the machine had to have it."""
    program = "held = bytearray(200_000_000); del held; print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
        assert held.stdout is not None
        held.stdout.readline()
        assert 200 <= peak_mb(held.pid) < 300
        held.communicate(b"\n")
    assert peak_mb(held.pid) == 0.0
