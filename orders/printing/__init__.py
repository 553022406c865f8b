"""Bills on paper: what is printed (`content`), how figures stand in columns (`columns`), and the PDF (`pdf`)."""
