"""What the pages work with beside the record."""
