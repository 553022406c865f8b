"""What every operation of the REST API shares: its fields, its errors, its lists. Knows no app."""
