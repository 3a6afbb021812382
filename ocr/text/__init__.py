"""Registered slip to text readings: pen ink, lines, readers, judgment."""

from ocr.text.read_fields import SlipText, read_ink, read_text

__all__ = ["SlipText", "read_ink", "read_text"]
