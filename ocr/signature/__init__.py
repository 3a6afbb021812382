"""Whether someone signed."""
