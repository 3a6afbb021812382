"""A page to its slips."""
