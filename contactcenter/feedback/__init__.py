"""What citizens say afterwards: asked for after each close, given by a signed link, read by
supervisors."""
