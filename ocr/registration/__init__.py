"""How a slip lies on its page, measured against its blank form."""
