"""A network that reads lines, opened by the engine that is to compute it."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.inference_engine import InferenceEngine


class LineNetwork(Protocol):
    """What an engine makes of an ONNX model of PP-OCR's kind."""

    @property
    def width_step_px(self) -> int:
        """Pictures are best a multiple of this wide."""

    @property
    def characters(self) -> str:
        """The model's characters, one a line, as its file has them."""

    def run(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (steps, 1 + characters) of a picture (1, 3, H, W)."""


def open_network(model: str | bytes, engine: InferenceEngine) -> LineNetwork:
    """The network in a file or in memory; raises MachineError when its engine is not installed."""
    if engine is InferenceEngine.OPENVINO:
        from ocr.recognizers.inference.openvino_network import OpenVinoNetwork

        return OpenVinoNetwork(model)
    from ocr.recognizers.inference.onnx_session import OnnxNetwork

    return OnnxNetwork(model)
