"""From a mailbox to the record."""
