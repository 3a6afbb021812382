"""How far readings are from what was written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True)
class ErrorCount:
    """Letters to change, letters written, lines read to the letter, lines; capitals and runs of spaces do not count."""

    changes: int = 0
    letters: int = 0
    exact: int = 0
    lines: int = 0

    @property
    def rate(self) -> float:
        """Changes a letter (CER)."""
        return self.changes / max(self.letters, 1)

    def __add__(self, other: "ErrorCount") -> "ErrorCount":
        return ErrorCount(
            self.changes + other.changes,
            self.letters + other.letters,
            self.exact + other.exact,
            self.lines + other.lines,
        )


def count_errors(read: Iterable[tuple[str, str, str]]) -> Mapping[str, ErrorCount]:
    """Errors by group, of (group, written, read)."""
    counts: dict[str, ErrorCount] = defaultdict(ErrorCount)
    for group, written, said in read:
        truth, found = (" ".join(text.casefold().split()) for text in (written, said))
        changes = Levenshtein.distance(truth, found)
        counts[group] += ErrorCount(changes, len(truth), int(truth == found), 1)
    return dict(counts)
