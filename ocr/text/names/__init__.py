"""Names of people on record, held against the ink of a slip."""
