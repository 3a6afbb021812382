"""Typed writing: whether a field is typed, and what a reader of print makes of it."""
