"""How sure a reading is: what speaks for it, measured, and what follows from that."""
