"""Our harvest engine beside the stock harvesters, on the same machine in the same run: bin/benchmark."""
