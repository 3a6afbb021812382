"""The child processes that one test is about: other tests of the same run keep servers of their own."""

import psutil


class Offspring:
    """The children of this process, and theirs, that were started after this was made."""

    def __init__(self) -> None:
        self._others = set(psutil.Process().children(recursive=True))

    def __call__(self) -> list[psutil.Process]:
        """Oldest first."""
        here = set(psutil.Process().children(recursive=True)) - self._others
        return sorted(here, key=psutil.Process.create_time)
