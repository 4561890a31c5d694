"""Measurements, and the invented people whom they and the sample lists need. Nothing in `docgen` imports from here."""
