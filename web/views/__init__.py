"""One module a page, in rooms by what the pages are about."""
