"""What a referral promises and by when, and the letters that keep the promises."""
