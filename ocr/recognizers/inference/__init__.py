"""What computes the networks that read: onnxruntime, or OpenVINO where a setting asks for it."""
