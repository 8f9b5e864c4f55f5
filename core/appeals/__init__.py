"""申辩: a person's answer to an anomaly, and what becomes of it (domain G3)."""
