"""One referral as a FHIR R4 bundle, after the HL7 US Physical Activity guide."""
