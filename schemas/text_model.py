"""Which weights read lines."""

from enum import StrEnum


class TextModel(StrEnum):
    """`STOCK`: PP-OCR's own, as the package rapidocr ships them; `OWN`: refpad's, trained for pens on slips."""

    STOCK = "stock"
    OWN = "own"
