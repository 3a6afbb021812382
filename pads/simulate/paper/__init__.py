"""What slips are printed on, where they lie on the page, and how slips and pages are damaged."""
