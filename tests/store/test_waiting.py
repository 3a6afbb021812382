"""The list of what waits tells of slips and pages as they are, and whoever changes one of them renews it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from store.database import Store
from store.tables import waiting
from store.verify import verify
from tests.store.helpers import in_review

ROOT = Path(__file__).parents[2]
ROOMS = ("store", "refpad", "flows", "web", "bench")
TOLD = {"state", "findings", "file_id", "page"}


def test_an_item_that_fell_out_of_the_list_is_named(store: Store, inbox: Path) -> None:
    """Nobody would ever see it: a patient waits."""
    in_review(store, inbox)
    assert verify(store) == []
    with store.write() as connection:
        connection.execute(waiting.delete().where(waiting.c.code == ""))
    assert [problem.subject for problem in verify(store)] == ["slip 1"]


def test_no_other_module_changes_what_the_list_tells_of_a_slip() -> None:
    """A change beside this one would leave the list as it was."""
    others = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in others
        if path != ROOT / "store" / "waiting.py" and "migrations" not in path.parts
        for line in changes_of_told(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def changes_of_told(tree: ast.Module) -> Iterator[int]:
    """The lines with `slip.update()…values(…)` that name what is told, or values that cannot be seen here."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("slip.update()", "sa.update(slip)"))):
            continue
        if ast.unparse(call.func).endswith(".values") and (call.args or TOLD & {key.arg for key in call.keywords}):
            yield call.lineno
