"""What other programs are given of the record: files, pages of an API, and messages."""
