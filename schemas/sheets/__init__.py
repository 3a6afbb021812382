"""The sheet on which an office answers what is missing on a slip: its code, its form, and what was read of it."""
