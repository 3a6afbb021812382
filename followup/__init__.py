"""Which follow-ups a referral creates, and when each is due."""
