"""PP-OCR with refpad's own weights, trained for pens on slips.

`training/text/` makes them; data/own_weights.md says from what, and how well they read.
"""

from pathlib import Path

from ocr.recognizers.inference.onnx_session import read_shipped
from ocr.recognizers.ppocr import PpOcr
from schemas.inference_engine import InferenceEngine

MODEL = Path(__file__).with_name("data") / "own_weights.onnx"
SHA256 = "67572326f708dc7beca5278defa425054178ccfc5f36a4e88a5ab039cc73132f"
NAME = "refpad"  # what readings call it


def open_own_weights(model: Path = MODEL, engine: InferenceEngine = InferenceEngine.ONNXRUNTIME) -> PpOcr:
    """The reader; raises MachineError when its file is missing, or is not the one that refpad was made with."""
    return PpOcr(read_shipped(model, SHA256), NAME, engine)
