"""Files of tables into the DataStore, so that pages and the API can show rows.

read and columns are pure; load fetches a file, writes its rows and keeps what came of it.
"""
