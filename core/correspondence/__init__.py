"""What people and employers are told: letters, and the inbox they lie in."""
