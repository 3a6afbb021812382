"""Every file and page that ever came, accounted for, and how far each is."""
