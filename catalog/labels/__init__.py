"""Labels that the shop's own scales print: how they are read, set up and tried out."""
