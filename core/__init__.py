"""The product without a screen: what registration is, who may do what, and every step of a case."""
