"""How invented slips are written."""
