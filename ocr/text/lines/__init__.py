"""The ink of a field: without the print, cut into its lines, as readers are shown them."""
