"""Hands that write any text: people of UNIPEN, and fonts."""
