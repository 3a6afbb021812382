"""Accepted referrals, and the quality sample that a person sees all the same."""
