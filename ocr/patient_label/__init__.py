"""The office's own patient label: where it lies, what its print and barcode say, what that makes of the readings."""
