"""What comes with the words: attachments, and the wrappings that files and words come in
(winmail.dat, S/MIME, PGP), with the meeting that a mail may propose."""
