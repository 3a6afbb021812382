"""People's names: how they are written, and how a person is addressed."""
