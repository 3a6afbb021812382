"""The readers of text lines: one module each, listed here; the first reads all, the others are asked to confirm."""

from collections.abc import Callable

from ocr.recognizers.recognizer import TextRecognizer
from ocr.recognizers.tesseract_engine import TesseractEngine
from schemas.inference_engine import InferenceEngine
from schemas.limits import Limits
from schemas.text_model import TextModel

Opener = Callable[[InferenceEngine], TextRecognizer]
Confirmer = Callable[[Limits, TesseractEngine | None], TextRecognizer]


def _ppocr(inference: InferenceEngine) -> TextRecognizer:
    from ocr.recognizers.ppocr import PpOcr  # its engine costs 0.1 s that reading marks need not pay

    return PpOcr(engine=inference)


def _own_weights(inference: InferenceEngine) -> TextRecognizer:
    from ocr.recognizers.own_weights import open_own_weights

    return open_own_weights(engine=inference)


def _both(inference: InferenceEngine) -> TextRecognizer:
    from ocr.recognizers.two_networks import TwoNetworks

    return TwoNetworks(_ppocr(inference), _own_weights(inference))


def _tesseract(limits: Limits, engine: TesseractEngine | None = None) -> TextRecognizer:
    from ocr.recognizers.tesseract import Tesseract
    from ocr.recognizers.tesseract_program import TesseractProgram

    return Tesseract(engine or TesseractProgram(limits.ocr_seconds))


FIRST: dict[TextModel, Opener] = {
    TextModel.BOTH: _both,
    TextModel.STOCK: _ppocr,
    TextModel.OWN: _own_weights,
}
CONFIRMING: tuple[Confirmer, ...] = (_tesseract,)


def open_recognizers(
    limits: Limits,
    text_model: TextModel = TextModel.BOTH,
    engine: TesseractEngine | None = None,
    inference: InferenceEngine = InferenceEngine.ONNXRUNTIME,
) -> tuple[TextRecognizer, ...]:
    """The reader of this model and those that confirm it; raises MachineError naming the remedy when one is lacking.

    `engine` is the Tesseract that is asked; None is its program, started each time. `inference` computes the networks.
    """
    return (FIRST[text_model](inference), *(opener(limits, engine) for opener in CONFIRMING))
