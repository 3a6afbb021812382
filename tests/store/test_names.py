"""The store's names are its own: whoever reads one elsewhere need not ask which of two is meant."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.test_house import ROOMS, ROOT


def _public_classes(path: Path) -> list[ast.ClassDef]:
    body = ast.parse(path.read_text("utf-8")).body
    return [part for part in body if isinstance(part, ast.ClassDef) and not part.name.startswith("_")]


def _is_protocol(made: ast.ClassDef) -> bool:
    return any("Protocol" in ast.unparse(base) for base in made.bases)


def test_no_class_of_the_store_has_the_name_of_another() -> None:
    """Two drafts, two groups, two kinds of measured things: one of them is always read as the other."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for made in _public_classes(path):
                found[made.name].append((path.relative_to(ROOT).as_posix(), _is_protocol(made)))
    shared = {
        name: [path for path, _ in places]
        for name, places in found.items()
        if len(places) > 1
        and any(path.startswith("store/") for path, _ in places)
        and sum(not is_protocol for _, is_protocol in places) > 1
    }
    assert shared == {}
