"""What an officer writes while working on a case: verdicts, notes, drafts."""
