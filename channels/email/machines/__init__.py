"""Mail that no person wrote: automatic mail, and other servers' reports on mail of ours."""
