"""Run a network with onnxruntime: on one thread, silent, and reporting nothing to anybody."""

import os
from typing import TYPE_CHECKING

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
