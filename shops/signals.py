"""What the shop's floor tells those above, without knowing them."""

from django.dispatch import Signal

# Something was decided about the counter that its log should hold. Sent inside the act's transaction with:
# shop, kind ("pin_set", "pin_cleared", "rules_changed"), by (User), details (a small dict of text).
counter_fact = Signal()
