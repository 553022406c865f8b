"""What a browser says of itself, in two words a person knows."""

# In this order: most browsers also name the ones they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_IN_THE_HAND = frozenset({"iPhone", "iPad", "Android"})


def device_words(user_agent: str) -> str:
    """ "Chrome on Android"; "a browser", "a device" where it does not say."""
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), "")
    system = _system(user_agent)
    return f"{browser or 'A browser'} on {system}" if system else browser or "An unknown device"


def is_phone(user_agent: str) -> bool:
    """True for what is held in the hand; only the icon depends on it."""
    return _system(user_agent) in _IN_THE_HAND


def _system(user_agent: str) -> str:
    return next((word for mark, word in _SYSTEMS if mark in user_agent), "")
