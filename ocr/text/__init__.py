"""Registered slip to text readings: pen ink, lines, readers, judgement."""

from ocr.text.reading import SlipText, read_text

__all__ = ["SlipText", "read_text"]
