"""The way down: from a source to the catalogue.

identity, guards, retire, package are pure; run is one run stage by stage; write is the only writer of harvested datasets;
ledger keeps one row per record and run; lease makes sure that a source has one run at a time.
"""
