"""The catalogue as it stands in the database, read by the chunk; and who in it is public."""
