"""A port for a server that is started in a moment, or at which nobody is to answer."""

import random
import socket

# Below those that systems give to whoever asks for any: a port of theirs that was free a moment ago is handed to the
# next server or connection of another test; and who connects to it may even be connected to itself.
PORTS = range(20_000, 32_000)
DICE = random.SystemRandom()  # tests set the seed of the common one


def free_port() -> int:
    """One of this machine on which nobody listens."""
    for port in DICE.sample(PORTS, 1000):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")
