"""PP-OCR's model file: where its graph is cut, which characters are kept, and how trained weights go back into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ocr.recognizers.ppocr import fold_columns, stock_model_file

Floats = NDArray[np.float32]
# Tensors of PP-OCRv6 small. Each of STARTS can be trained from: the neck alone, or the backbone's last stage too, or
# its third as well.
PICTURE, FEATURES, LOGITS, CHANCES = "x", "p2o.pd_op.transpose.8.0", "p2o.pd_op.add.79.0", "fetch_name_0"
STARTS = {"neck": "p2o.pd_op.pool2d.1.0", "last-stage": "p2o.pd_op.add.54.0", "third-stage": "Add.43"}
HEAD_WEIGHT, HEAD_BIAS = "linear_8.w_0", "linear_8.b_0"
CHARACTERS = "character"  # the metadata that lists what the columns after the blank stand for; the space is not in it
_LARGE = 16  # numbers; smaller tensors keep their precision
_SECOND, _HALF = "own.", ".half"  # what the names of added tensors begin and end with


@dataclass(frozen=True, eq=False)
class Head:
    """The columns of the last layer that slips need, (features, 1 + characters); the first is CTC's blank."""

    weight: Floats
    bias: Floats
    characters: tuple[str, ...]


def stock_model() -> onnx.ModelProto:
    """PP-OCRv6 small as the package rapidocr ships it; raises MachineError when it is missing."""
    return onnx.load(stock_model_file())


def cut_head(model: onnx.ModelProto) -> Head:
    """The columns of `model` that refpad's reader counts, accents and typographic forms with them."""
    (listed,) = [one.value.split("\n") for one in model.metadata_props if one.key == CHARACTERS]
    characters = [*listed, " "]
    columns, _ = fold_columns(characters)
    weights = initializers(model)
    kept = tuple(characters[column - 1] for column in columns[1:])
    return Head(weights[HEAD_WEIGHT][:, columns], weights[HEAD_BIAS][columns], kept)


def initializers(model: onnx.ModelProto) -> dict[str, NDArray[Any]]:
    """All stored tensors by name."""
    return {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}


def shipped_weights(model: onnx.ModelProto) -> dict[str, Floats]:
    """The weights of a model that training/text/export.py wrote, widened, by their names in PP-OCR's graph."""
    return {name.removesuffix(_HALF): np.asarray(value, np.float32) for name, value in initializers(model).items()}


def nodes_between(graph: onnx.GraphProto, start: str, end: str) -> Sequence[onnx.NodeProto]:
    """The nodes that `end` needs when `start` is given, in the order of the graph."""
    needed: set[str] = {end}
    found: list[onnx.NodeProto] = []
    for node in reversed(graph.node):
        if needed.isdisjoint(node.output) or start in node.output:
            continue
        needed.update(node.input)
        found.append(node)
    return found[::-1]


def start_of(model: onnx.ModelProto, weights: Mapping[str, Floats]) -> str:
    """Where the training of `weights` began: the last of STARTS after which all of them are used."""
    for start in STARTS.values():
        used = {name for node in nodes_between(model.graph, start, LOGITS) for name in node.input}
        if weights.keys() <= used:
            return start
    raise ValueError("No start has all of these weights: they were trained from another model.")


def up_to(model: onnx.ModelProto, end: str) -> bytes:
    """A model that gives the tensor `end`, without the nodes that it does not need: onnxruntime would run them all."""
    part = onnx.ModelProto()
    part.CopyFrom(model)
    nodes = nodes_between(model.graph, PICTURE, end)
    del part.graph.node[:], part.graph.output[:]
    part.graph.node.extend(nodes)
    part.graph.output.append(helper.make_tensor_value_info(end, TensorProto.FLOAT, None))
    return bytes(compact(part).SerializeToString())


def with_head(model: onnx.ModelProto, head: Head) -> onnx.ModelProto:
    """The model with this head in place of its own."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    store(made, {HEAD_WEIGHT: head.weight, HEAD_BIAS: head.bias})
    *listed, space = head.characters
    if space != " ":
        raise ValueError(f"The last character is {space!r} and not the space, which the reader takes it for.")
    for one in made.metadata_props:
        if one.key == CHARACTERS:
            one.value = "\n".join(listed)
    (output,) = made.graph.output
    output.type.tensor_type.shape.dim[-1].Clear()
    return made


def store(model: onnx.ModelProto, weights: Mapping[str, Floats]) -> None:
    """Put `weights` in place of the stored tensors of these names; raises ValueError for a name that is not there."""
    places = {one.name: one for one in model.graph.initializer}
    if unknown := weights.keys() - places.keys():
        raise ValueError(f"The model has no tensor {sorted(unknown)[0]}: these weights were trained from another.")
    for name, value in weights.items():
        places[name].CopyFrom(numpy_helper.from_array(np.asarray(value, np.float32), name))


def with_second(model: onnx.ModelProto, start: str, weights: Mapping[str, Floats], share: float) -> onnx.ModelProto:
    """The model with a second neck and head of these `weights` beside its own; `share` is how much its logits count."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    graph = made.graph
    *before, softmax = graph.node
    branch = nodes_between(graph, start, LOGITS)
    renamed = {name: _SECOND + name for name in [*weights, *(name for node in branch for name in node.output)]}
    nodes = [_renamed(node, renamed) for node in branch]
    graph.initializer.extend(numpy_helper.from_array(value, renamed[name]) for name, value in weights.items())
    mix = {"share": share, "rest": 1 - share}
    graph.initializer.extend(
        numpy_helper.from_array(np.array(value, np.float32), _SECOND + name) for name, value in mix.items()
    )
    weighed = [
        helper.make_node("Mul", [renamed[LOGITS], _SECOND + "share"], [_SECOND + "second"]),
        helper.make_node("Mul", [LOGITS, _SECOND + "rest"], [_SECOND + "first"]),
        helper.make_node("Add", [_SECOND + "first", _SECOND + "second"], [_SECOND + "weighed"]),
    ]
    last = _renamed(softmax, {LOGITS: _SECOND + "weighed"})
    del graph.node[:]
    graph.node.extend([*before, *nodes, *weighed, last])
    return made


def _renamed(node: onnx.NodeProto, names: Mapping[str, str]) -> onnx.NodeProto:
    made = onnx.NodeProto()
    made.CopyFrom(node)
    for held in (made.input, made.output):
        held[:] = [names.get(name, name) for name in held]
    made.name = ""
    return made


def in_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with its weights stored in 16 bits; they are widened as it is loaded, and it runs in 32."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    casts = []
    for one in made.graph.initializer:
        value = numpy_helper.to_array(one)
        if value.dtype == np.float32 and value.size >= _LARGE:
            name = one.name
            one.CopyFrom(numpy_helper.from_array(value.astype(np.float16), name + _HALF))
            casts.append(helper.make_node("Cast", [name + _HALF], [name], to=TensorProto.FLOAT))
    nodes = list(made.graph.node)
    del made.graph.node[:]
    made.graph.node.extend([*casts, *nodes])
    return made


def compact(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model without the tensors that none of its nodes takes."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    used = {name for node in made.graph.node for name in node.input}
    kept = [one for one in made.graph.initializer if one.name in used]
    del made.graph.initializer[:]
    made.graph.initializer.extend(kept)
    return made
