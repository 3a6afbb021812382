"""The wheel: all that the rooms need, and nothing that happens to lie about."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.test_house import CARRIED, KEPT_HOME
from web.services.guide import chapters

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--disable-pip-version-check", "-q", "--no-deps", "--no-build-isolation", "-w", folder)
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "."], cwd=ROOT, check=True, timeout=120)
    [built] = folder.glob("*.whl")
    return built


def _of_the_project(*folders: str) -> set[str]:
    """Files that git tracks, or would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}


def test_the_wheel_carries_every_file_of_the_rooms_and_no_other(wheel: Path) -> None:
    """A design, template, font or list of codes that stays behind is missed only where no checkout is."""
    rooms = sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - set(KEPT_HOME))
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    others = {f"{CARRIED[place]}{name[len(place) :]}" for place in CARRIED for name in _of_the_project(place)}
    assert carried == _of_the_project(*rooms) | others


def test_an_installed_refpad_finds_its_own_guide(wheel: Path, tmp_path: Path) -> None:
    """Help is for whoever has no checkout, and no internet."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "from web.services.guide import chapters, find_picture; print(len(chapters()), find_picture('05-review.png'))"
    )
    command, told = [sys.executable, "-c", code], {"PYTHONPATH": str(tmp_path)}
    said = subprocess.run(command, cwd=tmp_path, env=told, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [
        str(len(chapters())),
        str(tmp_path / "web" / "guide" / "two-months" / "05-review.png"),
    ]


def test_an_installed_refpad_finds_its_own_samples(wheel: Path, tmp_path: Path) -> None:
    """`refpad practice` is the first thing that anybody types, from a wheel as from a checkout."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "from refpad.cli.ops.up_display import SAMPLES; print(SAMPLES)"
    command, told = [sys.executable, "-c", code], {"PYTHONPATH": str(tmp_path)}
    said = subprocess.run(command, cwd=tmp_path, env=told, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(tmp_path / "refpad" / "samples")
    assert (tmp_path / "refpad" / "samples" / "truth.json").is_file()
