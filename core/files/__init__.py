"""Pictures and papers: the content-addressed store, and what can be measured of a picture."""
