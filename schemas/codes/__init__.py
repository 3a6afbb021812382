"""Codes that are written on slips: their form, and whether there is such a code."""
