"""What every reading process holds of languages and codes is numbers, not objects."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# 63 MB of models and 13 of codes; with an object for each row and each set of words they took 147.
MOST_MB = 110


def test_the_models_and_the_codes_together_stay_small() -> None:
    """Each worker has a process that holds them, on machines of small offices."""
    program = (
        "from ocr.language.ngrams import WEIGHTS, model; from ocr.diagnosis.codes import code_list\n"
        "def mb(): return int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6\n"
        "before = mb(); held = [*map(model, WEIGHTS), code_list()]; print(mb() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < MOST_MB
