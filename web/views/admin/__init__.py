"""How the studio is run, for admins: settings, activity, backups and retention."""
