"""Follow-ups and their letters."""
