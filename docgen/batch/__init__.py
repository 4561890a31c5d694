"""The path for many records. It comes with the mail merge; one record goes through `docgen.generate`."""
