"""What people settle: slips in the review queue, word by word, with a history."""
