"""refpad: handwritten referral slips become checked records and kept promises."""

__version__ = "0.1.0"
