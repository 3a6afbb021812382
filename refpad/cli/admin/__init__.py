"""How a studio is set up and kept: settings, users, further studios, backups and retention."""
