"""What the specialist enters in the course of a referral, and the session log."""
