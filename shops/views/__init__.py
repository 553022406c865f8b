"""Pages about oneself, the way in, and a shop's own matters."""
