"""refpad: handwritten referral slips become checked records and follow-ups with a date."""

# The one source of the version: the wheel takes it from here (pyproject.toml), and so does a checkout, which is
# importable through a path file and has no metadata to ask.
__version__ = "0.1.0"
