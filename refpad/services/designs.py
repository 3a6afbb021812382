"""The pad designs that a running process knows: loaded anew when a file of the studio's folder changes."""

from pathlib import Path
from threading import Lock

from pads.catalog import load_all
from schemas.errors import DesignError
from schemas.pad import PadDesign

PARTS = (".toml", ".png")  # a design, and the empty form of one that others have printed
_Stamp = frozenset[tuple[str, int, int, int]]


class DesignBook:
    """All designs, bundled and of `folder`; raises DesignError when the folder's are wrong at the start.

    A folder that becomes wrong later (a file half copied, a typing mistake) has a `problem`, and the designs of before
    stay in use. May be used by several threads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._stamp = stamp(folder)
        self._designs = load_all(folder)
        self._problem: str | None = None

    def designs(self) -> tuple[PadDesign, ...]:
        """The designs as they are now; the same tuple as long as nothing has changed."""
        with self._lock:
            if (current := stamp(self._folder)) != self._stamp:
                self._stamp = current
                self._load()
            return self._designs

    @property
    def problem(self) -> str | None:
        """What was wrong with the folder at the last look, in a sentence, or None."""
        return self._problem

    def find(self, design: str, edition: int) -> PadDesign | None:
        """The design of that name and edition, or None."""
        matching = (known for known in self.designs() if (known.design, known.edition) == (design, edition))
        return next(matching, None)

    def _load(self) -> None:
        try:
            loaded = load_all(self._folder)
        except DesignError as error:
            self._problem = f"The pad designs of before stay in use: {error}"
            return
        self._designs, self._problem = loaded, None


class DesignChanges:
    """What a person should know of a book's changes, each once."""

    def __init__(self, book: DesignBook) -> None:
        self._book, self._designs, self._problem = book, book.designs(), book.problem

    def new_messages(self) -> list[str]:
        """What has changed since the last call, in sentences."""
        designs, problem, messages = self._book.designs(), self._book.problem, list[str]()
        if designs is not self._designs:
            names = ", ".join(str(design.pad_id) for design in designs)
            messages.append(f"The pad designs have changed; slips are read as: {names}.")
        if problem is not None and problem != self._problem:
            messages.append(problem)
        self._designs, self._problem = designs, problem
        return messages


def stamp(folder: Path) -> _Stamp:
    """Changes whenever a file of a design does."""
    stamps = set()
    for path in folder.glob("*"):
        if path.suffix in PARTS:
            try:
                status = path.stat()
            except FileNotFoundError:  # gone again
                continue
            stamps.add((path.name, status.st_mtime_ns, status.st_size, status.st_ino))
    return frozenset(stamps)
