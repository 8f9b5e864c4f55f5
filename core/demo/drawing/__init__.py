"""Pictures of sample cases: ID photos, signatures and papers that agree with the case."""
