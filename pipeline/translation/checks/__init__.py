"""The checks of translations: each one a generator, listed in ``CHECKS``."""
