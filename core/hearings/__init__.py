"""听证: hearings in applications and revocations (行政许可法 §46–§48)."""
