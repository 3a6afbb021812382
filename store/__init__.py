"""The record: the database and the kept originals. SQLAlchemy lives here and nowhere else."""
