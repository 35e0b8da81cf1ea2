"""The common language of the portal: what a record is and what is true of it.

Pure: nothing here opens a connection, reads the clock or knows CKAN. Of our own code it imports errors only.
"""
