"""What passes between the studio and its offices beside slips, and what became of their slips."""
