"""The front desk on the local network: under which address, and with which certificate."""
