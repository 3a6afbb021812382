"""Processor time counts this process and the programs that it ran, and no waiting."""

import subprocess
import sys
import time

from ocr.processor_time import processor_seconds


def test_the_work_of_a_program_that_was_run_counts_and_waiting_does_not() -> None:
    """Tesseract is a program; on a busy machine most of the time on the clock is other people's."""
    begun = processor_seconds()
    time.sleep(0.3)
    waited = processor_seconds() - begun
    program = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert waited < 0.25
    assert processor_seconds() - begun - waited > 0.29
