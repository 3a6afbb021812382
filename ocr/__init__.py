"""Paper to readings: files to pages, pages to slips, slips to values with confidence."""
