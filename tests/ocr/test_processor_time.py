"""Processor time counts this process and the programs that it ran, and no waiting."""

import subprocess
import sys
import time
from dataclasses import dataclass

from ocr.processor_time import count_in, processor_seconds


def test_the_work_of_a_program_that_was_run_counts_and_waiting_does_not() -> None:
    """Tesseract is a program; on a busy machine most of the time on the clock is other people's."""
    begun = processor_seconds()
    time.sleep(0.3)
    waited = processor_seconds() - begun
    program = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert waited < 0.25
    assert processor_seconds() - begun - waited > 0.29


@dataclass(eq=False)
class _Lasting:
    pid: int | None


def test_a_process_that_lasts_counts_while_it_runs_and_once() -> None:
    """Tesseract is kept open: awaited only at the end, it would cost no slip anything, and then one slip all of it."""
    program = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\nimport sys; sys.stdin.read()"
    begun = processor_seconds()
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        lasting = _Lasting(running.pid)
        count_in(lasting)
        assert running.stdout is not None
        running.stdout.readline()
        while_running = processor_seconds() - begun
    lasting.pid = None
    assert while_running > 0.29
    assert while_running <= processor_seconds() - begun < while_running + 0.29
