"""Files that are pictures, one module a type."""
