"""PP-OCR with refpad's own weights, trained for pens on slips.

`training/text/` makes them; data/own_weights.md says from what, and how well they read.
"""

from pathlib import Path

from ocr.recognizers.onnx_session import read_shipped
from ocr.recognizers.ppocr import PpOcr

MODEL = Path(__file__).with_name("data") / "own_weights.onnx"
SHA256 = "5439715721add94769d76760720d9ecc9863dd466d78bf06ce982a500e40dcc0"
NAME = "refpad"  # what readings call it


def open_own_weights(model: Path = MODEL) -> PpOcr:
    """The reader; raises MachineError when its file is missing, or is not the one that refpad was made with."""
    return PpOcr(read_shipped(model, SHA256), NAME)
