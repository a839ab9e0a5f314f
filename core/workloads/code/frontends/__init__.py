"""Front ends: one folder for each language, each a translator of source text into cards."""
