"""What happened, and who looked: append-only history in hash chains, and the access log."""
