"""The path for many: a list becomes documents in a folder, a zip, a print file or PDFs, and goes on after any stop.

It plans, hands rows to workers, and alone writes what came of them down. What a record is, and how one is printed, it
leaves to `docgen.generate`; what a list file holds, to `docgen.roster`.
"""
