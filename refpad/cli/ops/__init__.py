"""The processes of one machine: started, looked after, and looked at when one is broken."""
