"""Which follow-ups a referral needs and by when, and the letters for them."""
