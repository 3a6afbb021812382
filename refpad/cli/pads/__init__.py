"""Pads to print, and slips of them to try the reader with."""
