"""What computes the networks that read lines."""

from enum import StrEnum


class InferenceEngine(StrEnum):
    """`ONNXRUNTIME`: in single precision, anywhere; `OPENVINO`: in bfloat16 where the processor has it."""

    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"
