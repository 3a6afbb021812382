"""Files into the record: taken in, claimed, recorded, set aside, accounted for."""
