"""Retention: what is kept how long, what must stay, and what is purged for good."""
