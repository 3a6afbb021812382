"""What waits for a person, and what people found of the machine's readings."""
