"""Telling other programs what happened, at the addresses that an admin has entered."""
