"""The processes of one machine: kept running, and checked."""
