from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Bills and customers"

    def ready(self) -> None:
        from orders import checks  # noqa: F401 (registers them)
        from orders.receivers import log_counter_fact
        from shops.signals import counter_fact

        counter_fact.connect(log_counter_fact, dispatch_uid="orders.log_counter_fact")
