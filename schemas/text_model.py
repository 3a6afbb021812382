"""Which weights read lines."""

from enum import StrEnum


class TextModel(StrEnum):
    """`STOCK`: PP-OCR's own, as the package rapidocr ships them; `OWN`: refpad's, trained for pens on slips.

    `BOTH`: refpad's first at what a pen wrote, and PP-OCR's at what these leave unsure.
    """

    BOTH = "both"
    STOCK = "stock"
    OWN = "own"
