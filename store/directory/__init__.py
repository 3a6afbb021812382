"""Offices and providers, their pads, and what the record tells of them."""
