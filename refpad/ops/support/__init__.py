"""The support bundle: what a bug report needs, in one ZIP that names nobody."""
