"""The course of a referral: what the specialist enters."""
