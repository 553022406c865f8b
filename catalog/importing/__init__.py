"""Lists of products from outside: read a file, match its columns, check every row, and write all of it at once."""
