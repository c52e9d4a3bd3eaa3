"""Figures and proofs from what is stored."""
