"""Texts that the ink does not tell from a reading: with another sign, or a name with another letter."""
