"""What other programs are given: files, addresses, tokens and messages."""
