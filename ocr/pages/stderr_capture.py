"""Catching what C libraries say on standard error: for a decoder, a complaint is damage."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator

# libtiff on tags that it does not know or finds oddly filled: of no consequence for the pixels.
ABOUT_TAGS = re.compile(r"TIFFReadDirectory|TIFFFetchNormalTag|TIFFFetchDirectory|nknown field|\btags?\b")


class Talk:
    """The lines said so far; complete after the `with` block of `overheard`."""

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = ()

    def complaints(self) -> tuple[str, ...]:
        """The lines that are about pixels."""
        return tuple(line for line in self.lines if not ABOUT_TAGS.search(line))


@contextlib.contextmanager
def overheard() -> Iterator[Talk]:
    """Keep standard error of this process, C libraries included, from the terminal and hand it over as lines.

    It moves a descriptor of the whole process: one thread at a time.
    """
    talk = Talk()
    sys.stderr.flush()
    kept, heard = os.dup(2), os.memfd_create("talk")
    os.dup2(heard, 2)
    try:
        yield talk
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        said = os.pread(heard, 1 << 20, 0).decode("utf-8", "replace")
        os.close(heard)
        talk.lines = tuple(line for line in said.splitlines() if line.strip())
