"""Scans into the record, or only read; and what the reader should expect on them."""
