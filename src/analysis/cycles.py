"""Python's search for objects that hold each other, kept from running in the midst of much work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unsought() -> Iterator[None]:
    """Do not search while this lasts: objects by the thousand would start it again and again.

    What is made meanwhile and is not held by a cycle is freed as always.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
