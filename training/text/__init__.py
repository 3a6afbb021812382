"""Train the recognizer of handwritten lines."""
