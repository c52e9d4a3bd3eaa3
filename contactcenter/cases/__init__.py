"""Cases, their messages and files."""
