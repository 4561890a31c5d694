"""What a paper asks, and what becomes of the answers: forms as folders, fields, records, ready words, drawing.

It knows neither HTTP nor a clock nor many records at once; only `library` opens folders.
"""
