"""FHIR resources: found in a file, and read as what they say of patients and appointments."""
