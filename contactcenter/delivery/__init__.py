"""What leaves the house: claim, send, receipt, retry, visible failure."""
