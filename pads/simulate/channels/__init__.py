"""Scanner, fax and phone camera."""
