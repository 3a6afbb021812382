"""Checks of the programs and packages that refpad stands on."""

import importlib.metadata
import platform
import re
import shutil
import subprocess

from refpad.ops.checkup import ASK_S, INSTALL, BrokenError
from refpad.settings import Settings

PYTHON_LEAST = (3, 11)


def python(_: Settings) -> str:
    """Its version; raises BrokenError, as all here, when the part will not do."""
    if tuple(map(int, platform.python_version_tuple()[:2])) < PYTHON_LEAST:
        raise BrokenError(f"{platform.python_version()} is too old", "apt install python3.11, then make setup")
    return platform.python_version()


def tesseract(_: Settings) -> str:
    """Its version."""
    return _version("tesseract", "--version", r"tesseract v?(\S+)", "apt install tesseract-ocr")


def tesseract_english(_: Settings) -> str:
    """The language data that is there."""
    languages = _output("tesseract", "--list-langs", "apt install tesseract-ocr").split()
    if "eng" not in languages:
        raise BrokenError("no English data", "apt install tesseract-ocr-eng")
    return "eng"


def pdftoppm(_: Settings) -> str:
    """Its version."""
    return _version("pdftoppm", "-v", r"version (\S+)", "apt install poppler-utils")


def opencv(_: Settings) -> str:
    """Its version, and that it has what refpad needs of it."""
    import cv2

    if not hasattr(cv2, "aruco"):
        raise BrokenError(f"{cv2.__version__} without aruco", INSTALL)
    if _installed("opencv-python"):
        raise BrokenError("opencv-python beside the headless build", f"pip uninstall opencv-python; {INSTALL}")
    return f"{cv2.__version__}, headless, with aruco"


def _installed(package: str) -> bool:
    return any(
        distribution.name.lower() == package for distribution in importlib.metadata.distributions() if distribution.name
    )


def _version(program: str, option: str, pattern: str, remedy: str) -> str:
    match = re.search(pattern, _output(program, option, remedy))
    return match[1] if match else "unknown version"


def _output(program: str, option: str, remedy: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise BrokenError("not installed", remedy)
    try:
        ran = subprocess.run([path, option], capture_output=True, text=True, timeout=ASK_S, check=False)
    except subprocess.TimeoutExpired:
        raise BrokenError(f"{path} does not answer", remedy) from None
    return ran.stdout + ran.stderr
