"""Lines to train on: what they say, how they are cut, kept, and shown a little differently each time."""
