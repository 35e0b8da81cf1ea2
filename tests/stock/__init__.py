"""Stock CKANs in environments of their own: with the stock harvesters, and of older versions."""
