"""Letters from the record: made, looked at, sent."""
