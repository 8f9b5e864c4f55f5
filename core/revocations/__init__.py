"""撤销: taking back a registration that should not have been granted (行政许可法 §69)."""
