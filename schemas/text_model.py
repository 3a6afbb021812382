"""Which weights read lines."""

from enum import StrEnum


class TextModel(StrEnum):
    """`STOCK`: PP-OCR's own, as the package rapidocr ships them; `OWN`: refpad's, trained for pens on slips.

    `BOTH`: PP-OCR's own, and refpad's for a second look at what these leave unsure.
    """

    BOTH = "both"
    STOCK = "stock"
    OWN = "own"
