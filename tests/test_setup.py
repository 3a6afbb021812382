"""Setting up: what `make run` says when the machine lacks a part, and that it is quick the second time."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "id", "ls", "dpkg", "env", "cat", "basename", "sha256sum", "grep", "mkdir", "chmod", "sed", "expand")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder to be all of PATH: a machine with a shell and little else. Add programs to it at will."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found is not None:
            (programs / tool).symlink_to(found)
    return programs


def _program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (folder / name).chmod(0o755)


def _run(machine: Path, *command: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": str(machine), "HOME": str(machine), **env}
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=60, check=False)


def _installs(machine: Path) -> None:
    """An apt-get that writes down what it is asked for, and a root to run it."""
    (machine / "id").unlink()
    _program(machine, "id", "echo 0")
    _program(machine, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >>{machine}/asked')


def test_nothing_is_said_or_done_when_all_parts_are_there(machine: Path) -> None:
    """The second `make run` goes straight to work, and needs neither root nor apt."""
    for name in ("tesseract", "pdftoppm", "pdfinfo"):
        _program(machine, name, "")
    done = _run(machine, f"{ROOT}/scripts/apt.sh", "tesseract-ocr", "poppler-utils")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_missing_packages_are_installed_without_a_question(machine: Path) -> None:
    """Only what is missing, and nothing on the terminal waits for an answer."""
    _installs(machine)
    _program(machine, "tesseract", "")
    done = _run(machine, f"{ROOT}/scripts/apt.sh", "tesseract-ocr", "poppler-utils")
    asked = (machine / "asked").read_text("utf-8").splitlines()
    assert done.returncode == 0
    assert done.stdout == "Installing system packages: poppler-utils\n"
    assert asked[1] == "noninteractive -q -q install -y --no-install-recommends poppler-utils"


def test_without_root_it_says_exactly_what_to_install(machine: Path) -> None:
    """A person without rights hands one line to a person with rights."""
    (machine / "id").unlink()
    _program(machine, "id", "echo 1000")
    _program(machine, "apt-get", f"touch {machine}/asked")
    done = _run(machine, f"{ROOT}/scripts/apt.sh", "tesseract-ocr", "poppler-utils")
    assert done.returncode == 3
    assert "apt-get install -y tesseract-ocr poppler-utils" in done.stderr
    assert not (machine / "asked").exists()


def test_without_apt_it_names_the_packages(machine: Path) -> None:
    """Other systems have the same parts by other names."""
    done = _run(machine, f"{ROOT}/scripts/apt.sh", "tesseract-ocr")
    assert done.returncode == 3
    assert "There is no apt-get here" in done.stderr
    assert "tesseract-ocr" in done.stderr


def test_without_a_network_it_says_so_in_a_sentence(machine: Path) -> None:
    """apt's own reason stands above; ours says what to do."""
    _installs(machine)
    _program(machine, "apt-get", "echo 'E: could not reach the mirror' >&2; exit 100")
    done = _run(machine, f"{ROOT}/scripts/apt.sh", "tesseract-ocr")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("apt-get could not install: tesseract-ocr")
    assert "Is the network there?" in done.stderr


def test_an_old_python_is_refused_with_its_version(machine: Path) -> None:
    """Half-way through pip the same news would be unreadable."""
    _program(machine, "python3", 'case "$*" in -V) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    done = _run(machine, f"{ROOT}/scripts/venv.sh", "requirements.lock")
    assert done.returncode == 3
    assert done.stderr.startswith("refpad needs Python 3.11 or newer, and python3 is Python 3.9.2.")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with an empty lock, in a folder whose name has a space."""
    folder = tmp_path / "my refpad"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    (folder / "empty.lock").write_text("# nothing\n", "utf-8")
    (folder / "refpad").mkdir()
    (folder / "refpad" / "__main__.py").write_text("import sys\nprint('refpad', *sys.argv[1:], sys.path[0])\n", "utf-8")
    return folder


def _venv(checkout: Path, **env: str) -> subprocess.CompletedProcess[str]:
    told = os.environ | {"PYTHON": sys.executable} | env
    command = ("scripts/venv.sh", "empty.lock")
    return subprocess.run(command, cwd=checkout, env=told, capture_output=True, text=True, timeout=120, check=False)


def test_the_environment_is_made_once_and_again_for_another_lock(checkout: Path) -> None:
    """The stamp holds the lock's hash: a checkout's file times say nothing."""
    first, second = _venv(checkout), _venv(checkout)
    assert first.returncode == 0, first.stderr
    assert "Making a Python environment" in first.stdout
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    (checkout / "empty.lock").write_text("# nothing, but newer\n", "utf-8")
    third = _venv(checkout)
    assert "Installing 0 Python packages" in third.stdout
    assert "Making" not in third.stdout


def test_the_command_does_not_import_from_the_folder_it_is_run_in(checkout: Path, tmp_path: Path) -> None:
    """A stray `schemas.py` beside somebody's scans must not become part of refpad."""
    assert _venv(checkout).returncode == 0
    command = (checkout / ".venv" / "bin" / "refpad", "read", "a b.pdf")
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.startswith("refpad read a b.pdf")
    assert str(tmp_path) not in said.stdout.split()


def test_a_swapped_package_is_refused(checkout: Path) -> None:
    """A file that is not the one the lock was made with is not installed, and nothing is stamped as done."""
    with zipfile.ZipFile(checkout.parent / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    (checkout / "empty.lock").write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    done = _venv(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(checkout.parent))
    assert done.returncode == 3
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("pip could not install empty.lock")
    assert not list((checkout / ".venv").glob("*.stamp"))


def test_make_says_what_there_is() -> None:
    """`make` alone starts nothing: it lists the targets, each with a sentence."""
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    listed = re.findall(r"^([a-z-]+): .*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"run", "test", "test-quick", "coverage", "wheel", "lock"} <= set(listed)
    for target in listed:
        assert re.search(rf"^  make {target} +\S", said, re.MULTILINE), target


def test_no_tests_is_told_apart_from_tests_that_fail(checkout: Path) -> None:
    """pytest's exit code 5 means that nothing was checked; that must not look green, nor like a broken test."""
    _program(checkout / ".venv" / "bin", "python", f'exec "{sys.executable}" "$@"')
    (checkout / "test_one.py").write_text("def test_one() -> None: ...\n", "utf-8")
    command = ("scripts/test.sh", "0", "test_one.py", "-k", "two", "-p", "no:cacheprovider")
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 5
    assert done.stderr.splitlines()[-1].startswith("No test was found for: test_one.py -k two")
