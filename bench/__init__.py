"""Measuring: accuracy on simulated slips and on real material, speed and memory. Speed is measured, never asserted."""
