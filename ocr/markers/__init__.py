"""The corner marks of slips on a page."""
