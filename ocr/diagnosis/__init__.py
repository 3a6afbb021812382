"""Diagnoses as doctors write them, and the ICD-10-CM codes that they may mean: suggestions, which a person confirms."""

from ocr.diagnosis.suggest import suggest

__all__ = ["suggest"]
