from shops.errors import ShopError


class BadCode(ShopError):
    pass


def ask_code(**k):
    pass


def check_code(**k):
    raise BadCode("bad_code", "no", "otp")
