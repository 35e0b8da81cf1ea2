"""The only place that opens a connection to somebody else's server.

guard decides which address may be reached, http does it within limits, redact keeps secrets out of every text,
secrets knows their values, session makes a session from the configuration.
"""
