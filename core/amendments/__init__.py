"""信息更正: rewriting a person's identity data, with proof (domain E)."""
