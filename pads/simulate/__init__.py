"""Filled slips whose truth is known: invented, written by hand, and sent through scanner, fax or phone."""
