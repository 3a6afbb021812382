"""How well boxes and signatures are read."""
