"""The version: said once, and the same wherever it is looked up."""

import re
import subprocess
from pathlib import Path

from typer.testing import CliRunner

from refpad import __version__
from refpad.cli import app

ROOT = Path(__file__).parents[1]


def test_the_command_line_says_its_version() -> None:
    """The first thing that is asked of whoever reports a defect; no folder is made and no setting read for it."""
    said = CliRunner().invoke(app, ["--version"])
    assert (said.exit_code, said.stdout) == (0, f"refpad {__version__}\n")


def test_the_newest_section_of_the_changelog_is_this_version() -> None:
    """What is tagged has a section that says what is in it, and what comes next has a place above it."""
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1].split(" - ")[0] == f"[{__version__}]"


def test_nothing_of_the_first_release_is_fixed_or_changed() -> None:
    """Whoever reads a changelog had the release before; before the first there was none to mend."""
    first = (ROOT / "CHANGELOG.md").read_text("utf-8").rpartition("\n## ")[2]
    assert re.findall(r"^### (.+)$", first, re.MULTILINE) == ["Added"]


def test_the_version_is_written_in_one_place() -> None:
    """A second place is forgotten at the second release."""
    listed = subprocess.run(["git", "ls-files", "*.py", "*.toml"], cwd=ROOT, capture_output=True, text=True, check=True)
    said = re.compile(r'^\s*_*version_*\s*=\s*"\d', re.MULTILINE)
    named = [name for name in listed.stdout.splitlines() if said.search((ROOT / name).read_text("utf-8"))]
    assert named == ["refpad/__init__.py"]
