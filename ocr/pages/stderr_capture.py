"""Capture what C libraries print on standard error: a decoder's complaint means damage."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator

# libtiff on tags that it does not know or finds oddly filled: of no consequence for the pixels.
ABOUT_TAGS = re.compile(r"TIFFReadDirectory|TIFFFetchNormalTag|TIFFFetchDirectory|nknown field|\btags?\b")


class CapturedErrors:
    """The captured lines; complete after the `with` block of `capture_stderr`."""

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = ()

    def complaints(self) -> tuple[str, ...]:
        """The lines that are about pixels."""
        return tuple(line for line in self.lines if not ABOUT_TAGS.search(line))


@contextlib.contextmanager
def capture_stderr() -> Iterator[CapturedErrors]:
    """Keep standard error of this process, C libraries included, from the terminal and hand it over as lines.

    It moves a descriptor of the whole process: one thread at a time.
    """
    captured = CapturedErrors()
    sys.stderr.flush()
    terminal, buffer = os.dup(2), os.memfd_create("stderr")
    os.dup2(buffer, 2)
    try:
        yield captured
    finally:
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)
        text = os.pread(buffer, 1 << 20, 0).decode("utf-8", "replace")
        os.close(buffer)
        captured.lines = tuple(line for line in text.splitlines() if line.strip())
