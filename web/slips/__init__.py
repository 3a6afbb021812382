"""The pages on which slips are settled."""
