"""What offices are called where somebody picks one: by their names, and two of one name by their addresses too."""

from collections import Counter
from collections.abc import Sequence

from schemas.office import Office


def told_apart(offices: Sequence[Office]) -> list[tuple[Office, str]]:
    """Each office with a label that no other of them has, in the order given."""
    labels = [office.name for office in offices]
    for tell in (_with_place, _with_id):
        counts = Counter(label.casefold() for label in labels)
        labels = [
            tell(label, office) if counts[label.casefold()] > 1 else label
            for label, office in zip(labels, offices, strict=True)
        ]
    return list(zip(offices, labels, strict=True))


def _with_place(label: str, office: Office) -> str:
    place = office.address or office.phone
    return f"{label}, {place}" if place else label


def _with_id(label: str, office: Office) -> str:
    return f"{label} ({office.id})"
