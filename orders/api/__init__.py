"""Operations of the REST API on orders, customers, khata, payments, returns and the drawer."""
