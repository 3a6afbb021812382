"""PP-OCR runs on its model file alone."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_package_around_the_model_is_never_run() -> None:
    """Its pipeline writes logs and may fetch other models from the network."""
    check = (
        "import sys; from ocr.recognizers.ppocr import PpOcr; PpOcr();"
        "sys.exit(int(any(name.partition('.')[0] == 'rapidocr' for name in sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_engine_keeps_no_record_of_its_use_and_sends_none(tmp_path: Path) -> None:
    """Its maker's wheels report by default: a device id and a queue in the user's cache, a session in the temporary."""
    surroundings = os.environ | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    surroundings.pop("ORT_DISABLE_TELEMETRY", None)
    check = "import numpy; from ocr.recognizers.ppocr import PpOcr; PpOcr().recognize([numpy.ones((40, 200), 'uint8')])"
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, env=surroundings, check=True)
    assert list(tmp_path.iterdir()) == []
