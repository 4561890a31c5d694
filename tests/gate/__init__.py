"""The gate that every document passes: what Word would stumble over, found without Word.

    lint        the zip, the content types, the relationships, the XML: each part readable, nothing from outside
    rules       what the validators miss or do not know of: fields, controls, bookmarks, cells, left-over tags
    validators  the Open XML SDK and openxml-audit
    texts       the text of a document: every given value is found whole; a canonical text for golden files
    look        pages: how many, what stands on them, pictures for eyes
    sound       all of these as one assertion
    hostile     the values of the catalogue of bad inputs, 1 to 36
    floors      which module may import which (no documents here)

It is a wing of the tests: it may import docgen, docgen never imports it.
"""
