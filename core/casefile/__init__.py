"""What an officer, or the applicant, reads of a case."""
