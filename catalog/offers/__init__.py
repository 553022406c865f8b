"""Offers with their days: what is off, on which goods, and the pages to make, change and end them."""
