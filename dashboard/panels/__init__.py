"""Blocks that pages are made of, a package for each family of pages."""
