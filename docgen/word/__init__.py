"""All that knows Office Open XML: packages, templates compiled once, blocks drawn, layouts checked, PDF.

It takes bytes and ready words and gives bytes; what the words mean is no concern of it.
"""
