"""The only place that opens a connection to somebody else's server.

urls says which addresses are ever asked, guard which IP addresses may be reached, wire and connect hold to it while
connecting, limits knows time, size, pace and patience, trust the certificates, body and answers read what came, faults
says in words what went wrong, redact keeps secrets out of every text, secrets knows their values, http puts it together,
session makes a session from the configuration. docs/outbound.md explains it to administrators.
"""
