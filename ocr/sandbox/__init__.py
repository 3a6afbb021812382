"""Killable child processes for work on files that nobody can trust."""
