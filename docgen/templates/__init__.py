"""Templates that an office changes: given out to be edited in Word, checked, installed, taken back.

One template against one form; documents are made elsewhere. What the engine itself refuses is told by `docgen.word`.
"""
