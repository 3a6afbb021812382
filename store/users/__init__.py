"""Who may use the front desk."""
