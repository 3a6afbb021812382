"""What a run of hours tells whoever waits for it."""

import sys


def say(line: str) -> None:
    """One line on stdout, at once: into a file or pipe, too."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
