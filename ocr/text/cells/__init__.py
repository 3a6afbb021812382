"""Digits in printed cells: one picture a cell, and the number that they say."""
