"""How work grows with what is on record, and with how many read at once."""
