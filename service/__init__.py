"""The HTTP service above the library: settings, errors, the API, and the server on this machine's own address.

It makes no document itself and keeps nothing: every request is answered by `docgen` and forgotten.
"""
