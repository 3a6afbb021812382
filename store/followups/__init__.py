"""Follow-ups, and the outbox of their letters."""
