"""Whether the port gives what PP-OCR's own graph gives, and can be moved to a GPU: looked at before every training.

python -m training.text.check [--device DEVICE]
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.overrides import TorchFunctionMode

from ocr.recognizers.inference.onnx_session import open_session
from ocr.recognizers.ppocr import LINE_HEIGHT_PX
from training.device import add_device
from training.text.network.graph import FEATURES, LOGITS, PICTURE, STARTS, cut_head, stock_model, up_to, with_head
from training.text.network.port import LineModel, Port

DIFFERENCE_MOST = 1e-3  # between logits, which are some tens
WIDTHS_PX = (16, 133, 320)
SEED = 3
META = "meta"  # PyTorch's device that has shapes and no numbers: it is on every machine

Floats = NDArray[np.float32]


class FloatDevices(TorchFunctionMode):
    """While it is entered, gathers in `found` where the numbers are that operations take; whole ones do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def __torch_function__(
        self,
        operation: Callable[..., Any],
        _types: Sequence[type],
        given: Sequence[Any] = (),
        named: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - what the operation gives
        named = named or {}
        self.found |= {one.device.type for one in _tensors([*given, *named.values()]) if one.is_floating_point()}
        return operation(*given, **named)


def require_port(device: str) -> None:
    """Raises ValueError when the port on `device` differs from the graph: what it learned would not fit where it goes.

    And where the port, once moved, works with numbers that were not moved: it could not be trained on a GPU.
    """
    for start in (PICTURE, *STARTS.values()):
        port, seen = _port(start), list(_seen(start))
        difference = _difference(port.to(device), seen)
        sys.stdout.write(f"from {start}: logits differ by {difference:.1e} at most\n")
        if difference > DIFFERENCE_MOST:
            raise ValueError(
                f"From {start} the port's logits differ by {difference:.1e}: mend training/text/network/port.py."
            )
        if behind := _devices(port.to(META), seen[0][0]) - {META}:
            raise ValueError(f"From {start} the port keeps numbers on {behind.pop()} when it is moved: register them.")


def _port(start: str) -> LineModel:
    model = stock_model()
    head = cut_head(model)
    return LineModel(Port(model, start, FEATURES), head.weight, head.bias)


def _seen(start: str) -> Iterator[tuple[Floats, Floats]]:
    """What onnxruntime holds at `start`, and its logits, for pictures of chance."""
    model = stock_model()
    cut = with_head(model, cut_head(model))
    whole = open_session(up_to(cut, LOGITS))
    first = None if start == PICTURE else open_session(up_to(cut, start))
    rng = np.random.default_rng(SEED)
    for width in WIDTHS_PX:
        pictures = rng.uniform(-1, 1, (2, 3, LINE_HEIGHT_PX, width)).astype(np.float32)
        given = first.run(None, {PICTURE: pictures})[0] if first else pictures
        yield given, whole.run(None, {PICTURE: pictures})[0]


def _difference(port: LineModel, seen: Sequence[tuple[Floats, Floats]]) -> float:
    """The largest between its logits and those that were seen."""
    with torch.no_grad():
        found = [port(torch.from_numpy(given).to(port.device)).cpu().numpy() for given, _ in seen]
    return max(float(np.abs(one - logits).max()) for one, (_, logits) in zip(found, seen, strict=True))


def _devices(port: LineModel, given: Floats) -> set[str]:
    """Where the numbers are that the port works with."""
    moved = torch.from_numpy(given).to(port.device)
    with torch.no_grad(), FloatDevices() as devices:
        port(moved)
    return devices.found


def _tensors(given: object) -> Iterator[torch.Tensor]:
    if isinstance(given, torch.Tensor):
        yield given
    elif isinstance(given, (list, tuple)):
        for one in given:
            yield from _tensors(one)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_device(parser, has_cuda=torch.cuda.is_available())
    torch.backends.cudnn.allow_tf32 = False  # as in training
    require_port(parser.parse_args().device)
