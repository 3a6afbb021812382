"""The network that reads one cell, and its training, on a GPU or the processor."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ocr.recognizers.cell_digits import CELL_PX, NO_DIGIT
from training.device import CPU
from training.gather import Cells

EPOCHS, BATCH, RATE_MOST = 8, 64, 4e-3
SMOOTHING = 0.03  # of the labels: UNIPEN has some wrong ones
OPSET = 17

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Epoch:
    """How one pass over the training cells went: mean loss, and the share of checked digits that are right."""

    number: int
    loss: float
    right: float


class CellNetwork(nn.Module):
    """Three convolutions and two layers: 123,000 weights, from (N, 1, CELL_PX, CELL_PX) to 11 logits."""

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 16, 32, 64)
        blocks: list[nn.Module] = []
        for before, after in pairwise(widths):
            blocks += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
        flat = widths[-1] * (CELL_PX // 8) ** 2
        head = [nn.Flatten(), nn.Dropout(0.3), nn.Linear(flat, 96), nn.ReLU(), nn.Linear(96, NO_DIGIT + 1)]
        self.layers = nn.Sequential(*blocks, *head)

    def forward(self, cells: torch.Tensor) -> torch.Tensor:
        """Logits (N, 11) of cells (N, 1, CELL_PX, CELL_PX), ink 0 to 1."""
        return self.layers(cells)


def train(cells: Cells, check: Cells, seed: int, told: Callable[[Epoch], object], device: str = CPU) -> CellNetwork:
    """A network trained on `cells`, each pass with them distorted anew; `told` hears of each pass.

    It learns on `device`, and is given on the processor, where it is exported and its confidence is fitted.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    network = CellNetwork().to(device)  # its first weights are made on the processor: the same on every device
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE_MOST / 2, weight_decay=1e-3)
    steps = EPOCHS * -(-len(cells.classes) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE_MOST, total_steps=steps)
    for number in range(1, EPOCHS + 1):
        network.train()
        total, order = 0.0, rng.permutation(len(cells.classes))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            pictures = _tensor(np.stack([distort(picture, rng) for picture in cells.pictures[chosen]])).to(device)
            classes = torch.from_numpy(cells.classes[chosen]).to(device)
            loss = nn.functional.cross_entropy(network(pictures), classes, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(chosen)
        network.eval()
        right = (probabilities(network, check.pictures).argmax(axis=1) == check.classes).mean()
        told(Epoch(number, total / len(order), float(right)))
    return network.cpu()


def probabilities(network: CellNetwork, pictures: Pictures) -> NDArray[np.float32]:
    """(N, 11) of pictures (N, CELL_PX, CELL_PX)."""
    device = next(network.parameters()).device
    with torch.no_grad():
        parts = np.array_split(pictures, len(pictures) // 500 + 1)
        return np.concatenate([network(_tensor(part).to(device)).softmax(dim=1).cpu().numpy() for part in parts])


def to_onnx(network: CellNetwork) -> bytes:
    """The network with a softmax at its end as an ONNX model: `cells` in, `chances` out, any number at once."""
    file = io.BytesIO()
    whole = nn.Sequential(network, nn.Softmax(dim=1)).eval()
    sample = torch.zeros(2, 1, CELL_PX, CELL_PX)
    torch.onnx.export(
        whole,
        (sample,),
        file,
        input_names=["cells"],
        output_names=["chances"],
        dynamic_axes={"cells": {0: "n"}, "chances": {0: "n"}},
        opset_version=OPSET,
        dynamo=False,
    )
    return file.getvalue()


def distort(picture: Pictures, rng: np.random.Generator) -> Pictures:
    """The cell as another moment's hand and another device would give it."""
    turn, shear, size = rng.normal(0, 0.09), rng.normal(0, 0.13), 1 + rng.normal(0, 0.06)
    matrix = np.array([[size * np.cos(turn), shear - np.sin(turn), 0], [np.sin(turn), np.cos(turn) / size, 0]])
    middle = np.full(2, CELL_PX / 2)
    matrix[:, 2] = middle - matrix[:, :2] @ middle + rng.normal(0, 0.8, 2)
    moved = cv2.warpAffine(picture, matrix, (CELL_PX, CELL_PX))
    if rng.random() < 0.3:
        change = cv2.dilate if rng.random() < 0.6 else cv2.erode
        moved = change(moved, np.ones((2, 2), np.uint8))
    if rng.random() < 0.2:
        return _coarse(np.asarray(moved, np.uint8), rng)
    return np.asarray(moved, np.uint8)


def _coarse(picture: Pictures, rng: np.random.Generator) -> Pictures:
    """The cell in the few black dots of a fax."""
    rows, columns = (int(rng.integers(low, CELL_PX)) for low in (CELL_PX // 2, 3 * CELL_PX // 4))
    dots = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    black = np.where(dots > rng.uniform(60, 140), 255, 0).astype(np.uint8)
    return np.asarray(cv2.resize(black, (CELL_PX, CELL_PX)), np.uint8)


def _tensor(pictures: Pictures) -> torch.Tensor:
    return torch.from_numpy(pictures.astype(np.float32) / 255)[:, None]
