"""Tiles of the counter: the goods a shop sells most without a barcode, one press each."""
