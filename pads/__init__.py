"""Pads: their designs as data, their print, and the picture of their empty form."""
