"""Several processes on one record: who is alive, whose turn it was, and how one joins from elsewhere."""
