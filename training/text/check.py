"""Whether the port gives what PP-OCR's own graph gives: looked at before every training.

python -m training.text.check
"""

import sys

import numpy as np
import torch

from ocr.recognizers.onnx_session import open_session
from ocr.recognizers.ppocr import LINE_HEIGHT_PX
from training.text.network.graph import FEATURES, LOGITS, PICTURE, STARTS, cut_head, stock_model, up_to, with_head
from training.text.network.port import LineModel, Port

DIFFERENCE_MOST = 1e-3  # between logits, which are some tens
WIDTHS_PX = (16, 133, 320)
SEED = 3


def port_difference(start: str) -> float:
    """The largest difference between logits of the port and of onnxruntime, the port beginning at `start`."""
    model = stock_model()
    head = cut_head(model)
    cut = with_head(model, head)
    whole = open_session(up_to(cut, LOGITS))
    first = None if start == PICTURE else open_session(up_to(cut, start))
    line_model = LineModel(Port(model, start, FEATURES), head.weight, head.bias)
    rng = np.random.default_rng(SEED)
    found = []
    for width in WIDTHS_PX:
        pictures = rng.uniform(-1, 1, (2, 3, LINE_HEIGHT_PX, width)).astype(np.float32)
        given = first.run(None, {PICTURE: pictures})[0] if first else pictures
        (logits,) = whole.run(None, {PICTURE: pictures})
        with torch.no_grad():
            found.append(np.abs(line_model(torch.from_numpy(given)).numpy() - logits).max())
    return float(max(found))


def require_port() -> None:
    """Raises ValueError when the port differs from the graph: what it learned would not fit where it goes."""
    for start in (PICTURE, *STARTS.values()):
        difference = port_difference(start)
        sys.stdout.write(f"from {start}: logits differ by {difference:.1e} at most\n")
        if difference > DIFFERENCE_MOST:
            raise ValueError(
                f"From {start} the port's logits differ by {difference:.1e}: mend training/text/network/port.py."
            )


if __name__ == "__main__":
    require_port()
