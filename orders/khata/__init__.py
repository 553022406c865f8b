"""The khata: what customers owe, entry by entry."""
