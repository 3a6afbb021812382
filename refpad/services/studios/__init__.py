"""Several studios on one installation: which there are, and the settings of each."""
