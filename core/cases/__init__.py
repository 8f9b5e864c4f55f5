"""Applications (办件): their transition table, guards, context and commands."""
