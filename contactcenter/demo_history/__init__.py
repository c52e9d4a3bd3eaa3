"""A month of the demo city that is over: simulated, and loaded once."""
