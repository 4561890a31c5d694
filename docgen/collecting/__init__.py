"""Papers that come back: files people filled in become values, one table, and what their office has to look at.

It knows files and lists only as bytes and names; what a form asks and how a document is read is the floors' below.
"""
