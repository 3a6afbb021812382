"""Finding referrals."""
