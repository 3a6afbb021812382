"""How well values are read: what people found of them, and what follows for what passes."""
