"""Files that come: refused, or kept once and entered, from the inbox, the mailbox or another studio."""
