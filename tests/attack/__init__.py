"""Holes that were found by attacking the product, and stay shut."""
