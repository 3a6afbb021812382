"""From settings to the reader of files, and where it may fail."""
