"""Review: the queue, corrections with their history, accepting and rejecting."""
