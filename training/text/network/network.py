"""Training of PP-OCR's neck and head, or of its last stage too, on what its frozen part sees."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.device import CPU
from training.text.network.features import SeenBatch
from training.text.network.graph import FEATURES, HEAD_BIAS, HEAD_WEIGHT, STARTS, cut_head, stock_model
from training.text.network.port import LineModel, Port
from training.text.network.weights import Floats, Weights

RATE_MOST, RATE_LEAST_SHARE, WARM_UP_STEPS = 1e-3, 0.03, 100
LEFT_OUT_SHARE = 0.05  # of what the frozen part sees, at random
NORM_MOST, DECAY = 1.0, 1e-4
AVERAGE = 0.998  # of the weights' running mean, which is what is kept


@dataclass(frozen=True)
class Plan:
    """How long, and how fast; `seed` makes what is left out."""

    steps: int
    rate: float = RATE_MOST
    seed: int = 21
    tell_every: int = 260
    bf16: bool = False  # products in 16 bits: 0.6 to 0.65 of the time (training/README.md)


def open_network(start: str, weights: Weights | None = None, device: str = CPU) -> LineModel:
    """The network from STARTS[start] on, as PP-OCR has it or with `weights`, on `device`."""
    model = stock_model()
    head = cut_head(model)
    network = LineModel(Port(model, STARTS[start], FEATURES), head.weight, head.bias)
    if weights is not None:
        load(network, weights)
    return network.to(device)


def weights_of(network: LineModel) -> dict[str, Floats]:
    """All trained weights by their names in PP-OCR's graph, from whatever device."""
    held = {name: value.detach().cpu().numpy().copy() for name, value in network.port.weights().items()}
    held[HEAD_WEIGHT] = network.head.weight.detach().cpu().numpy().T.copy()
    held[HEAD_BIAS] = network.head.bias.detach().cpu().numpy().copy()
    return held


def load(network: LineModel, weights: Weights) -> None:
    """Put `weights` into the network; raises ValueError for one that it has not.

    What is not among them stays: weights of the neck are a beginning for the last stage.
    """
    places = {**network.port.weights(), HEAD_WEIGHT: network.head.weight.T, HEAD_BIAS: network.head.bias}
    if unknown := weights.keys() - places.keys():
        raise ValueError(f"The network has no {sorted(unknown)[0]}: name the --start of these weights.")
    with torch.no_grad():
        for name, value in weights.items():
            places[name].copy_(torch.from_numpy(np.array(value)))


def logits(network: LineModel, features: NDArray[np.floating[Any]]) -> Floats:
    """Logits (steps, columns) of one line's features."""
    with torch.no_grad():
        given = torch.from_numpy(features[None].astype(np.float32)).to(network.device)
        return np.asarray(network(given)[0].cpu().numpy())


def read(found: Floats, characters: Sequence[str]) -> str:
    """The likeliest column of each step, repeats and blanks dropped."""
    best = found.argmax(axis=1)
    begins = np.diff(best, prepend=-1) != 0
    return "".join(characters[column - 1] for column in best[begins] if column).strip()


def loss_of(found: torch.Tensor, columns: Sequence[Sequence[int]]) -> torch.Tensor:
    """CTC's loss of logits (N, steps, columns) for lines whose characters are in these columns.

    The lengths stay on the processor, which reads them.
    """
    chances = found.float().log_softmax(dim=-1).transpose(0, 1)
    lengths = torch.tensor([len(line) for line in columns])
    wanted = torch.tensor([column for line in columns for column in line], device=found.device)
    steps = torch.full((len(lengths),), len(chances))
    return nn.functional.ctc_loss(chances, wanted, steps, lengths)


class Training:
    """One training, on the network's device: `network` is what learns, `averaged` the running mean of its weights."""

    def __init__(self, network: LineModel, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        self.network, self._plan = network, plan
        self.averaged = torch.optim.swa_utils.AveragedModel(
            network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)
        )
        self._optimizer = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=DECAY)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._rate_share)

    def _rate_share(self, step: int) -> float:
        """Up in a straight line, and down along half a cosine."""
        down = (1 + math.cos(math.pi * min(step / self._plan.steps, 1))) / 2
        return min(1.0, (step + 1) / WARM_UP_STEPS) * max(RATE_LEAST_SHARE, down)

    def run(self, seen: Iterable[SeenBatch]) -> Iterator[tuple[int, float]]:
        """Train; every `tell_every` steps, and after the last, the step and the mean loss since the one before."""
        losses: list[float] = []
        for step, batch in enumerate(islice(seen, self._plan.steps), start=1):
            losses.append(self._learn(batch))
            if step % self._plan.tell_every == 0 or step == self._plan.steps:
                yield step, sum(losses) / len(losses)
                losses.clear()

    def _learn(self, batch: SeenBatch) -> float:
        device = self.network.device
        given = nn.functional.dropout(torch.from_numpy(batch.features), LEFT_OUT_SHARE)  # the same on every device
        with torch.autocast(device.type, torch.bfloat16, enabled=self._plan.bf16):
            found = self.network(given.to(device))
        loss = loss_of(found, batch.columns)
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), NORM_MOST)
        self._optimizer.step()
        self._schedule.step()
        self.averaged.update_parameters(self.network)
        return float(loss.detach())
