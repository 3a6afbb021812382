"""What refpad runs on: versions, processors, memory; nothing that tells whose machine it is."""

import os
import platform
from importlib import metadata

import psutil

from refpad import __version__
from refpad.settings import Settings
from store.files import file_system_of
from store.tables import REVISION

# Those on which it hangs how a slip is read, recorded, shown or sent.
PACKAGES = (
    "alembic", "argon2-cffi", "cryptography", "fastapi", "fhir-resources", "fsspec", "httpx", "numpy", "onnxruntime",
    "opencv-python-headless", "openvino", "opentelemetry-sdk", "pdf2image", "pikepdf", "pillow", "pillow-heif",
    "prefect", "psycopg", "pyarrow", "pydantic", "pydantic-settings", "pytesseract", "rapidocr", "reportlab", "s3fs",
    "sqlalchemy", "starlette", "uvicorn", "watchfiles", "weasyprint", "zxing-cpp",
)  # fmt: skip


def versions() -> dict[str, str]:
    """The versions of refpad, its record, Python, and the packages that are there."""
    own = {"refpad": __version__, "record": REVISION, "Python": platform.python_version()}
    return own | {name: version for name in PACKAGES if (version := _version(name))}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def machine(settings: Settings) -> dict[str, object]:
    """The computer, as far as it matters to how refpad works."""
    memory = psutil.virtual_memory()
    return {
        "system": platform.system(),
        "kernel": platform.release(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "cores_for_refpad": len(os.sched_getaffinity(0)),
        "memory_mb": round(memory.total / 1e6),
        "memory_free_mb": round(memory.available / 1e6),
        "file_system": file_system_of(settings.folder.absolute()),
        "database": settings.url.partition(":")[0].partition("+")[0],
        "files": "a bucket" if settings.files else "a folder",
    }
