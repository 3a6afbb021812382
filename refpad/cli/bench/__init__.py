"""How well and how fast this machine works, measured."""
