"""The judge of the embedded domain: how probable is it that a picture matches its description?

A small network reads the 144 codes of a picture (``network``), a parser reads the caption (``claims``), and exact code
compares the two readings (``match``).  The browser runs the same three steps (``lib/judge``).
"""
