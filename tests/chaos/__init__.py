"""The harvest under kill -9: which process dies when is planned by a seed, and end states are compared."""
