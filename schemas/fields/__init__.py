"""What a pad may ask: the fields that every referral has, and those of a design's own."""
