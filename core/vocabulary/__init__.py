"""Enumerations of the domain with their labels, by subject; one row for all that is known of one.

Names and Chinese terms are those of the manuals; bracketed names of domain E are ours.
"""
