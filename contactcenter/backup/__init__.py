"""`contactcenter backup` and `restore`: the whole of an installation in one file, and back."""
