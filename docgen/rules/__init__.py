"""Regulations as dated data (TOML shipped beside the code) and what follows from them.

It holds the layout regimes and the rules of rating, each number with its clause. It draws nothing, reads no Word file,
and knows no clock: whoever asks gives the date.
"""
