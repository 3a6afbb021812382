"""How well whole slips are read."""
