"""The register page: its search, the list, and one registration with all that changed it."""
