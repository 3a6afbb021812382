"""The rules by which a draft is judged, one module a kind of doubt; `schemas.acceptance` asks them all."""
