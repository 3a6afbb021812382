"""From the inbox to the record."""
