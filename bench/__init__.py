"""What the product costs, as a ratio to a floor measured beside it in the same run."""
