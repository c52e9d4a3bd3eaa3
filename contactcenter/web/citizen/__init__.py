"""What citizens open: the chat, forms, the pages behind a signed link, what the law asks for."""
