"""What holds other files: a ZIP archive and an e-mail."""
