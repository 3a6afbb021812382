"""The closed lists hold what is said, and nothing else."""

import re
from pathlib import Path

import pytest

from schemas.reasons import FindingCode, SetAsideReason

ROOT = Path(__file__).parents[2]
ROOMS = ("ocr", "refpad", "schemas", "store", "web")
NAME_ALL = ("reasons.py", "labels.py")


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every `List.NAME` in the modules but for those that name them all."""
    modules = (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.name not in NAME_ALL)
    return {word for path in modules for word in re.findall(r"\b\w+\.[A-Z][A-Z0-9_]+\b", path.read_text("utf-8"))}


def test_every_reason_to_set_aside_is_given_somewhere(words: set[str]) -> None:
    """A reason that nothing gives is looked for in vain by whoever reads the list, and filtered for in vain."""
    given = {word.partition(".")[2] for word in words if word.startswith(("SetAsideReason.", "Reason."))}
    assert {reason.name for reason in SetAsideReason} - given == set()


def test_every_doubt_is_raised_somewhere(words: set[str]) -> None:
    """The same of findings, where a name on the page is no doubt yet."""
    raised = {word.partition(".")[2] for word in words if word.startswith(("FindingCode.", "Code."))}
    assert {code.name for code in FindingCode} - raised == set()
