"""What slips are printed on, how they lie, and what befalls them."""
