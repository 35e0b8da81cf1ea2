"""The public catalogue as RDF: DCAT-AP 3, with what Satu Data Indonesia asks beside it."""
