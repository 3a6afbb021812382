"""PP-OCR runs on its model file alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_package_around_the_model_is_never_run() -> None:
    """Its pipeline writes logs and may fetch other models from the network."""
    check = (
        "import sys; from ocr.recognisers.ppocr import PpOcr; PpOcr();"
        "sys.exit(int(any(name.partition('.')[0] == 'rapidocr' for name in sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
