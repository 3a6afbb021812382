"""How well writing is read."""
