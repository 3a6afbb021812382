"""Offices and providers, and visits to them."""
