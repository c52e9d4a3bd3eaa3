"""What a person wrote: the body out of its parts, harmless HTML, and the new words apart from
quotes and signature."""
