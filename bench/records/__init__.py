"""Many invented records at once, to measure with."""
