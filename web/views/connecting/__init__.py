"""What leaves for other programs: the API, tokens and webhooks, files and the calendar."""
