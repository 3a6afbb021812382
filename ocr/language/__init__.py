"""What people write on slips, as probabilities: a prior for reading, never a prison."""
