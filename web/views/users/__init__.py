"""Who uses the front desk: signing in, the list of users, and from one studio to another."""
