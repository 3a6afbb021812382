"""Compute a network with OpenVINO: in bfloat16 where the processor has it, on one thread, and reporting to nobody."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.errors import MissingPackageError

PROCESSOR = "CPU"
# With this package, which comes with it, OpenVINO 2026.4 starts a process as it is imported, to report to its maker.
_REPORTER = "openvino_telemetry"
CHARACTERS = ["framework", "character"]  # where OpenVINO keeps what the ONNX file says of itself
# It prepares every width of picture once, which takes it as long as to compute a line or two.
WIDTH_STEP_PX = 24


class OpenVinoNetwork:
    """See LineNetwork."""

    width_step_px = WIDTH_STEP_PX

    def __init__(self, model: str | bytes) -> None:
        """Raises MissingPackageError without the package openvino."""
        core = _open_core()
        graph = core.read_model(model) if isinstance(model, str) else core.read_model(model, b"")
        self.characters = str(graph.get_rt_info(CHARACTERS).value)
        self._request = core.compile_model(graph, PROCESSOR, _config(core)).create_infer_request()

    def run(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """See LineNetwork.run."""
        found = self._request.infer([picture], share_inputs=True)
        return np.array(found[0][0], np.float32)


def computes_in_bfloat16() -> bool:
    """Whether this processor does; raises MissingPackageError without the package openvino."""
    return _has_bfloat16(_open_core())


def _open_core() -> Any:  # noqa: ANN401 - openvino has no types
    sys.modules.setdefault(_REPORTER, None)  # type: ignore[arg-type] # to Python: this module is not to be found
    try:
        import openvino
    except ImportError:
        raise MissingPackageError("OpenVINO", "openvino", "unset REFPAD_INFERENCE_ENGINE") from None
    return openvino.Core()


def _has_bfloat16(core: Any) -> bool:  # noqa: ANN401 - as above
    return "BF16" in core.get_property(PROCESSOR, "OPTIMIZATION_CAPABILITIES")


def _config(core: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """One thread, bound to no core, as several readers share the machine; and no weights rounded to integers."""
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if _has_bfloat16(core) else "f32",
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
    }
