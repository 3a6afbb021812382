"""Accepted referrals and their patients, and one search for all of it."""
