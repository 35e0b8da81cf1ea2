"""Between the agencies and the public: who may open which file."""
