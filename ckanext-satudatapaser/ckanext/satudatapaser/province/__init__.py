"""The way up: from the catalogue to the province.

eligible, mapping, payload and compare are pure; remote speaks to the other CKAN; push is one push; ledger keeps where each
dataset stands at each target.
"""
