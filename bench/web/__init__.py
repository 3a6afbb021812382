"""How quickly the front desk answers when much is on record."""
