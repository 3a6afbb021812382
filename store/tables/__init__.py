"""The tables, as SQLAlchemy Core; migrations/versions holds how they came to be."""
