"""Scans sent from the browser, and what could not be used of them."""
