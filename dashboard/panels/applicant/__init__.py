"""What applicants and employers see of their own applications and messages."""
