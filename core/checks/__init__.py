"""Automatic checks of a case; each explains itself, none decides."""
