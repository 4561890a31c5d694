"""Rows in, Excel out: files become records with an address, so that a later message can say where a value stands.

It reads strictly and alters nothing unasked; what a value means, and whether a paper accepts it, is the concern of
`papers`. It writes lists as Excel; what stands in them others decide.
"""
