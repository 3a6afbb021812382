"""`python -m refpad` is `refpad`."""

from refpad.cli import main

main()
