"""PP-OCR's graph in PyTorch, node by node, so that its weights can be trained; `training.text.check` compares both."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it
from numpy.typing import NDArray
from onnx import helper
from torch import nn

from training.text.network.graph import initializers, nodes_between

Floats = NDArray[np.float32]
Values = list[torch.Tensor]
Attributes = Mapping[str, Any]
Operation = Callable[[Values, Attributes], torch.Tensor]
# Inputs of a batch normalization that are counted, not learned: mean and variance of what PP-OCR was trained on.
_COUNTED = slice(3, 5)


class Port(nn.Module):
    """The part of a graph that leads from the tensor `start` to the tensor `end`; its weights keep their names.

    Batches hold pictures, or features, of one width: attention and means over a line would see padding.
    """

    def __init__(self, model: onnx.ModelProto, start: str, end: str) -> None:
        super().__init__()
        values = initializers(model)
        self.start, self.end = start, end
        nodes = nodes_between(model.graph, start, end)
        self._steps = [_step(node) for node in nodes]
        inputs = {name for node in nodes for name in node.input}
        counted = {name for node in nodes if node.op_type == "BatchNormalization" for name in node.input[_COUNTED]}
        self._sizes: dict[str, torch.Tensor] = {}  # whole numbers, which the processor reads: a GPU would be waited for
        self._fixed: list[str] = []
        self._learned: list[str] = []
        for name in sorted(inputs & set(values)):
            self._hold(name, torch.from_numpy(np.array(values[name])), is_counted=name in counted)

    def _hold(self, name: str, value: torch.Tensor, *, is_counted: bool) -> None:
        if not value.is_floating_point():
            self._sizes[name] = value
        elif value.numel() > 1 and not is_counted:
            self.register_parameter(_key(name), nn.Parameter(value))
            self._learned.append(name)
        else:
            self.register_buffer(_key(name), value, persistent=False)
            self._fixed.append(name)

    def weights(self) -> dict[str, nn.Parameter]:
        """What can be trained, by its names in the graph."""
        return {name: self.get_parameter(_key(name)) for name in self._learned}

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """What `end` holds when `start` holds `given`."""
        fixed = {name: self.get_buffer(_key(name)) for name in self._fixed}
        held: dict[str, torch.Tensor] = {**self._sizes, **fixed, **self.weights(), self.start: given}
        for operation, inputs, output, attributes in self._steps:
            held[output] = operation([held[name] for name in inputs], attributes)
        return held[self.end]


class LineModel(nn.Module):
    """A Port up to the features of each step, and the head that tells their characters: logits (N, steps, columns)."""

    def __init__(self, port: Port, weight: Floats, bias: Floats) -> None:
        super().__init__()
        self.port = port
        self.head = nn.Linear(*weight.shape)
        self.head.weight.data = torch.from_numpy(np.ascontiguousarray(weight.T))
        self.head.bias.data = torch.from_numpy(bias.copy())

    @property
    def device(self) -> torch.device:
        """Where its weights are, and what it is given must be."""
        return self.head.weight.device

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Logits of what the port begins with."""
        return self.head(self.port(given))


def _step(node: onnx.NodeProto) -> tuple[Operation, Sequence[str], str, Attributes]:
    (output,) = node.output
    attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    return OPERATIONS[node.op_type], tuple(node.input), output, attributes


def _key(name: str) -> str:
    """A tensor's name as PyTorch takes it for a parameter or a buffer."""
    return name.replace(".", "__")


def _conv(inputs: Values, attributes: Attributes) -> torch.Tensor:
    picture, weight, *bias = inputs
    if weight.shape[2:] == (1, 1):  # PyTorch's own way back through these is several times slower
        return F.linear(picture.movedim(1, -1), weight.flatten(1), *bias).movedim(-1, 1)
    above, left, below, right = attributes.get("pads", [0, 0, 0, 0])
    if attributes.get("auto_pad") == b"SAME_UPPER":  # the graph has it with a stride of one only
        (above, below), (left, right) = (((side - 1) // 2, side // 2) for side in weight.shape[2:])
    padded = F.pad(picture, (left, right, above, below))
    strides, dilations, groups = (attributes[name] for name in ("strides", "dilations", "group"))
    return F.conv2d(padded, weight, *bias, stride=strides, dilation=dilations, groups=groups)


def _max_pool(inputs: Values, attributes: Attributes) -> torch.Tensor:
    """The graph has one, of two by two pixels with a stride of one and SAME_UPPER."""
    padded = F.pad(inputs[0], (0, 1, 0, 1), value=float("-inf"))
    return F.max_pool2d(padded, attributes["kernel_shape"], attributes["strides"])


def _average_pool(inputs: Values, attributes: Attributes) -> torch.Tensor:
    return F.avg_pool2d(inputs[0], attributes["kernel_shape"], attributes["strides"])


def _mean(inputs: Values, attributes: Attributes) -> torch.Tensor:
    return inputs[0].mean(tuple(attributes["axes"]), bool(attributes.get("keepdims", 1)))


def _batch_norm(inputs: Values, attributes: Attributes) -> torch.Tensor:
    picture, scale, offset, mean, variance = inputs
    return F.batch_norm(picture, mean, variance, scale, offset, eps=attributes["epsilon"])


def _hard_sigmoid(inputs: Values, attributes: Attributes) -> torch.Tensor:
    return (inputs[0] * attributes["alpha"] + attributes["beta"]).clamp(0, 1)


def _reshape(inputs: Values, _: Attributes) -> torch.Tensor:
    given, shape = inputs
    return given.reshape([size or given.shape[place] for place, size in enumerate(shape.tolist())])


def _slice(inputs: Values, _: Attributes) -> torch.Tensor:
    given, starts, ends, axes, *_steps = inputs
    for start, end, axis in zip(starts.tolist(), ends.tolist(), axes.tolist(), strict=True):
        first, last, _step = slice(start, end).indices(given.shape[axis])
        given = given.narrow(axis, first, last - first)
    return given


def _squeeze(inputs: Values, attributes: Attributes) -> torch.Tensor:
    return inputs[0].squeeze(tuple(attributes["axes"]))


def _unsqueeze(inputs: Values, attributes: Attributes) -> torch.Tensor:
    (axis,) = attributes["axes"]
    return inputs[0].unsqueeze(axis)


OPERATIONS: dict[str, Operation] = {
    "Add": lambda inputs, _: inputs[0] + inputs[1],
    "AveragePool": _average_pool,
    "BatchNormalization": _batch_norm,
    "Concat": lambda inputs, attributes: torch.cat(inputs, attributes["axis"]),
    "Conv": _conv,
    "Div": lambda inputs, _: inputs[0] / inputs[1],
    "Erf": lambda inputs, _: inputs[0].erf(),
    "HardSigmoid": _hard_sigmoid,
    "Identity": lambda inputs, _: inputs[0],
    "MatMul": lambda inputs, _: inputs[0] @ inputs[1],
    "MaxPool": _max_pool,
    "Mul": lambda inputs, _: inputs[0] * inputs[1],
    "Pow": lambda inputs, _: inputs[0] ** inputs[1],
    "ReduceMean": _mean,
    "Relu": lambda inputs, _: inputs[0].relu(),
    "Reshape": _reshape,
    "Shape": lambda inputs, _: torch.tensor(inputs[0].shape),
    "Sigmoid": lambda inputs, _: inputs[0].sigmoid(),
    "Slice": _slice,
    "Softmax": lambda inputs, attributes: inputs[0].softmax(attributes["axis"]),
    "Sqrt": lambda inputs, _: inputs[0].sqrt(),
    "Squeeze": _squeeze,
    "Sub": lambda inputs, _: inputs[0] - inputs[1],
    "Transpose": lambda inputs, attributes: inputs[0].permute(attributes["perm"]),
    "Unsqueeze": _unsqueeze,
}
