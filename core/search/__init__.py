"""Search in Arabic, French and English: one normaliser, in SQL, for stored text and for queries."""
