"""The REST API of goods and their prices."""
