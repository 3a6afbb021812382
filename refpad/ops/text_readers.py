"""The doctor's look at who reads text, and by what that is computed."""

from refpad.ops.checkup import WarningError
from refpad.settings import Settings
from schemas.inference_engine import InferenceEngine
from schemas.text_model import TextModel


def text_readers(settings: Settings) -> str:
    """Who reads text here; raises WarningError for a choice to be told of, and as open_recognizers."""
    from ocr.recognizers import open_recognizers
    from ocr.recognizers.two_networks import networks_of
    from ocr.tesseract_library import NAME, is_installed

    readers = open_recognizers(settings.limits, settings.text_model, inference=settings.inference_engine)
    found = ", ".join(network.name for reader in readers for network in networks_of(reader))
    if settings.text_model is TextModel.OWN:
        raise WarningError(f"{found}; the bars were set on other weights", "set REFPAD_TEXT_MODEL to both")
    if not is_installed():
        raise WarningError(f"{found}; {NAME} is missing: Tesseract starts anew each time", "apt install tesseract-ocr")
    return found if settings.inference_engine is InferenceEngine.ONNXRUNTIME else f"{found}, {_by_openvino()}"


def _by_openvino() -> str:
    from ocr.recognizers.inference.openvino_network import computes_in_bfloat16

    if not computes_in_bfloat16():
        slow = "computed by openvino, which is no faster here: this processor has no bfloat16"
        raise WarningError(slow, "unset REFPAD_INFERENCE_ENGINE")
    return "computed by openvino in bfloat16"
