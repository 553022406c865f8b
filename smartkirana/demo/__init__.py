"""The demo: one believable kirana with 60 days behind it, and a small second shop. Made through the services, like any shop."""
