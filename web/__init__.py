"""The front desk: web pages where people settle slips, follow up and look up."""
