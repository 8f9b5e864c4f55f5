"""Invented people, employers and cases, to learn the desk by and to measure it with."""
