"""The citizen's own page of a case, for whoever holds its signed link: what it shows and does."""
