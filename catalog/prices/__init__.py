"""Price lists and prices from a quantity on: their acts, forms and pages."""
