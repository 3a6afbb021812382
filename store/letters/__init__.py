"""Making, sending and settling letters."""
