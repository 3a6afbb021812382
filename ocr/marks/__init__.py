"""Checkboxes to readings."""
