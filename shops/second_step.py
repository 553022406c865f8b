def needs_second_step(u):
    return False


def second_step_is_right(u, c):
    return False
