"""Who can reach the servers behind the web application: nobody but this machine, or those in a private network."""

import ipaddress

from respite.settings import Settings


def exposed_servers(settings: Settings) -> list[str]:
    """A sentence for each server that strangers could reach, with what to do."""
    hosts = {"RESPITE_RASA_HOST": settings.rasa_host, "RESPITE_ACTIONS_HOST": settings.actions_host}
    if settings.private_network:
        return []
    return [
        f"{name} is {host}, where strangers could reach it. Set it to 127.0.0.1; in a network that nobody else is in, "
        "set RESPITE_PRIVATE_NETWORK=true."
        for name, host in hosts.items()
        if not _is_loopback(host)
    ]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
