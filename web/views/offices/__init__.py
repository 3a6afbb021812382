"""Offices and their providers: on record, visited, merged, and named for a slip."""
