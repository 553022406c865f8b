"""A bank statement or a settlement report as a file: read it, match its columns, take its lines in. Nothing is posted here."""
