"""Imports point down only: the contract of ARCHITECTURE.md, run as it stands in pyproject.toml."""

import shutil
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
ROOMS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_imports_point_down_only() -> None:
    """A worker that knows its neighbors can no longer be read, or tested, alone."""
    linted = _lint(ROOT)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("schemas/base.py", "import ocr.scale"),
        ("exports/to_csv.py", "import store.database"),
        ("store/audit.py", "import followup.rules"),
        ("ocr/scale.py", "import refpad.settings"),
        ("refpad/services/exports.py", "import flows.export_csv"),
        ("refpad/services/exports.py", "import prefect"),
        ("refpad/services/exports.py", "import sqlalchemy"),
        ("followup/rules.py", "import numpy"),
        ("web/routes.py", "import bench.run"),
        ("refpad/__init__.py", "import bench.run"),
        ("ocr/scale.py", "import ocr.template"),
        ("ocr/marks/judge.py", "import ocr.slips.find"),
        ("store/files.py", "import store.database"),
        ("store/directory/offices.py", "import store.letters.sending"),
        ("web/context.py", "import web.views.today"),
        ("web/security.py", "import web.http"),
        ("refpad/services/wiring.py", "import refpad.services.letters.chase"),
        ("ocr/marks/judge.py", "import ocr.marks.measure"),
        ("flows/export_csv.py", "import flows.serve"),
    ],
)
def test_an_arrow_that_points_up_is_caught(tmp_path: Path, module: str, line: str) -> None:
    """A contract that cannot fail guards nothing: each kind of wrong arrow is planted in a copy."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=_all_but_modules)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / module
    planted.write_text(planted.read_text("utf-8") + f"\n{line}\n", "utf-8")
    assert _lint(tmp_path).returncode == 1


def test_no_imports_run_in_a_circle() -> None:
    """Modules that need each other are one module in two files; a late import, or one for types only, hides it."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    _sort(graph)
    graph.add_import(importer="schemas.pad_rules", imported="schemas.pad")
    with pytest.raises(CycleError, match="cycle"):
        _sort(graph)


def _sort(graph: grimp.ImportGraph) -> None:
    """Raises CycleError, which names the modules, when an import comes round to where it began."""
    TopologicalSorter({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}).prepare()


def _all_but_modules(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()}
