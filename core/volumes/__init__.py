"""Volumes to measure by: everything in a database multiplied, set by set."""
