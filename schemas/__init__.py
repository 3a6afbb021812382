"""The nouns of refpad and the rules that make them valid; imports nothing of the other packages."""
