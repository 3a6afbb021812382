"""PDF files: each page as it was scanned, or drawn; and the files attached to them."""
