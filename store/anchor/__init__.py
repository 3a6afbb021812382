"""Which record this is, and what is kept of it where no restore reaches: where it lies, and its audit's last line."""
