"""The case page: its head, every part of the file, checklist and decision."""
