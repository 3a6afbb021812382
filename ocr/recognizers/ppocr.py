"""PP-OCR, the reader of handwriting: the recognition model of the package rapidocr, run without its pipeline."""

import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.crop import scale_line
from ocr.recognizers.ctc import read_greedily
from ocr.recognizers.inference.line_network import open_network
from ocr.recognizers.recognizer import NOTHING, RecognizedLine, Spread
from schemas.errors import MachineError
from schemas.inference_engine import InferenceEngine

MODEL = Path("models") / "PP-OCRv6_rec_small.onnx"
# The model takes lines of 48 px height and makes one step of every 8 px of width.
LINE_HEIGHT_PX = 48
LEAST_WIDTH_PX = 16
# The model knows 18,708 characters. A slip is written in these: ASCII and the letters of European names.
SYMBOLS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x100))))
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "、": ",", "。": "."})  # noqa: RUF001


class PpOcr:
    """PP-OCRv6 small (PaddlePaddle, Apache-2.0) on one thread.

    Lines are run one by one at their own width: a padded batch of eight takes 16 ms a line of 320 px,
    single lines take 11 ms (measured on one core).
    """

    def __init__(
        self,
        model: str | bytes | None = None,
        name: str = "ppocr",
        engine: InferenceEngine = InferenceEngine.ONNXRUNTIME,
    ) -> None:
        """Run PP-OCR's own model, or another of the same kind, as a file or in memory; readings call it `name`."""
        self.name = name
        self._network = open_network(stock_model_file() if model is None else model, engine)
        columns, targets = fold_columns([*self._network.characters.split("\n"), " "])
        by_target = np.argsort(targets, kind="stable")
        self._columns = columns[by_target]
        self._targets, self._starts = np.unique(targets[by_target], return_index=True)

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """See TextRecognizer.recognize."""
        return [self._recognize_one(line) if line.size else NOTHING for line in lines]

    def _recognize_one(self, line: NDArray[np.uint8]) -> RecognizedLine:
        found = self._network.run(picture_of(line, self._network.width_step_px))
        spread = Spread("\0" + SYMBOLS, self._fold(found))
        text, characters = read_greedily(spread)
        return RecognizedLine(text, min(characters, default=0.0), characters, spread)

    def _fold(self, found: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (steps, model characters) added up to (steps, 1 + SYMBOLS)."""
        folded = np.zeros((len(found), 1 + len(SYMBOLS)), np.float32)
        folded[:, self._targets] = np.add.reduceat(found[:, self._columns], self._starts, axis=1)
        return folded


def picture_of(line: NDArray[np.uint8], width_step_px: int = 1) -> NDArray[np.float32]:
    """A line (H, W) as the model takes it: (1, 3, LINE_HEIGHT_PX, width), -1 ink to 1 paper.

    It is stretched to the nearest multiple of `width_step_px`.
    """
    scaled = scale_line(line, LINE_HEIGHT_PX, max(LEAST_WIDTH_PX, width_step_px), width_step_px)
    gray = scaled.astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(np.broadcast_to(gray, (1, 3, *gray.shape)))


def stock_model_file() -> str:
    package = find_spec("rapidocr")
    path = Path(package.origin).parent / MODEL if package and package.origin else MODEL
    if not path.is_file():
        raise MachineError(f"The model {MODEL.name} is missing from the Python package rapidocr: run `make setup`.")
    return str(path)


def fold_columns(characters: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of the model's columns count, and the column of 1 + SYMBOLS that each is added to.

    Column 0 is the CTC blank on both sides. Full-width and typographic forms count as the plain ones.
    """
    place = {symbol: index for index, symbol in enumerate(SYMBOLS, start=1)}
    plain = [unicodedata.normalize("NFKC", character.translate(_PLAIN)) for character in characters]
    known = [(column, place[symbol]) for column, symbol in enumerate(plain, start=1) if symbol in place]
    columns, targets = np.array([(0, 0), *known], np.intp).T
    return columns, targets
