"""The agenda: files that become patients, consents and appointments."""
