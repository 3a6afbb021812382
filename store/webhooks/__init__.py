"""Webhooks, the messages that they send, and how far each is."""
