"""The catalogue for geographic catalogues: CSW 2.0.2, CSW 3.0 and OAI-PMH by pycsw (docs/decisions/0012).

pycsw runs as a program of its own and knows only a file of records; everything that decides what is in it is here.
"""
