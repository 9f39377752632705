"""A guard on sockets: loopback and local sockets work, anything else fails at once."""

import socket
import sys


class NetworkReached(AssertionError):
    """Something tried to reach another machine."""


def refuse_other_networks() -> None:
    """From now on this process refuses to connect anywhere but to loopback. It cannot be taken back."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _local(address[0]):
            raise NetworkReached(f"a connection to {address[0]} was tried")
    elif event == "socket.getaddrinfo" and not _local(arguments[0]):
        raise NetworkReached(f"the name {arguments[0]} was looked up")


def _local(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else host
    if text in (None, "", "localhost", "::1", "::", "0.0.0.0", socket.gethostname()):
        return True
    return isinstance(text, str) and text.startswith("127.")
