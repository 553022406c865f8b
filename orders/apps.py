from django.apps import AppConfig
from django.db.models.signals import post_save


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Bills and customers"

    def ready(self) -> None:
        from orders import checks  # noqa: F401 (registers them)
        from orders.receivers import log_counter_fact
        from orders.told import order_event_written, payment_event_written
        from shops.signals import counter_fact

        counter_fact.connect(log_counter_fact, dispatch_uid="orders.log_counter_fact")
        post_save.connect(order_event_written, sender="orders.OrderEvent", dispatch_uid="orders.tell_of_order")
        post_save.connect(payment_event_written, sender="orders.PaymentEvent", dispatch_uid="orders.tell_of_payment")
