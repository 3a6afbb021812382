"""Run a network with onnxruntime: on one thread, silent, and reporting nothing to anybody."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from schemas.errors import MachineError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_ERRORS_ONLY = 3  # onnxruntime's log level
# Unless this is set, onnxruntime 1.32 reports its use to its maker over the network (its Privacy.md).
_NO_REPORTS = "ORT_DISABLE_TELEMETRY"


def open_session(model: str | bytes) -> "InferenceSession":
    """A session for the ONNX model in a file or in memory, on one thread of the processor."""
    os.environ[_NO_REPORTS] = "1"
    import onnxruntime  # looks at its environment once, as it is loaded

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class OnnxNetwork:
    """See LineNetwork; a picture of any width takes its time."""

    width_step_px = 1

    def __init__(self, model: str | bytes) -> None:
        self._session = open_session(model)
        self._input = self._session.get_inputs()[0].name
        self.characters = self._session.get_modelmeta().custom_metadata_map["character"]

    def run(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """See LineNetwork.run."""
        return np.asarray(self._session.run(None, {self._input: picture})[0][0], np.float32)


def read_shipped(model: Path, sha256: str) -> bytes:
    """The bytes of a network that comes with refpad.

    Raises MachineError when it is missing, or is not the one that refpad was made with.
    """
    held = model.read_bytes() if model.is_file() else b""
    if hashlib.sha256(held).hexdigest() != sha256:
        state = "differs from the one that refpad was made with" if held else "is missing"
        raise MachineError(f"The network {model.name} {state}: install refpad again.")
    return held
