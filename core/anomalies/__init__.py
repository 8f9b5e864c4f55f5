"""Flags on people and cases, and how each is disposed of."""
