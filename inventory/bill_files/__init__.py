"""A supplier's bill as a file: read it, match its columns and its goods, and fill the form that enters a bill. Nothing is posted here."""
