"""What supervisors watch: the board, who waits and why, what-ifs."""
