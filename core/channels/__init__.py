"""Filing channels: the keys by which they sign what they send."""
