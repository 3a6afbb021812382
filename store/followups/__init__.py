"""What was promised and by when, and the outbox of its letters."""
