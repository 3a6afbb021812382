"""Forms that others have printed."""
