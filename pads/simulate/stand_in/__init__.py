"""A slip in the place of a real one: the same kinds of answers at the same places, in other words and another hand."""
