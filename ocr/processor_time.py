"""Processor time: what a step costs one core, however busy the machine is with other things."""

import resource
import time


def processor_seconds() -> float:
    """Seconds of this process, and of the programs that it ran and awaited (Tesseract), since it began."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime
