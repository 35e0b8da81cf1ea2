"""Synthetic agencies of Paser: six small portals with invented data, for trying the catalogue and for its tests.

Nothing here is real: every figure comes from a fixed seed, every address is an agency's unit, and no person occurs.
"""
