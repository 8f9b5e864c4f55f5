"""The register of registrations: what approval does to it, its numbers, and its search."""
