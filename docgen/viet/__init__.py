"""Vietnamese words as official papers write them: dates, periods, numbers, names, text, file names, old encodings.

Pure functions from values to words and back; what cannot be read is refused with the reason and the cure.
Not here: which field holds what, limits of fields, files, anything of Word.
"""
