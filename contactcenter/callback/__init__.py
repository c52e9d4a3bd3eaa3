"""Calls that the city owes: asked for, promised, tried, and kept or not."""
