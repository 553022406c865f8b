"""The REST API of the stock room, of suppliers and of purchases."""
