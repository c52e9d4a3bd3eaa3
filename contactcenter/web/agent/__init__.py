"""What agents work with: the console's page, its socket and its JSON."""
