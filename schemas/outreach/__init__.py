"""What passes between the studio and an office beside slips: visits and talks, and what becomes of its slips."""
