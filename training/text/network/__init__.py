"""PP-OCR's network: its graph in PyTorch, its weights, and the training of its last part."""
