"""The servers behind the web application are reached from this machine, or in a network that is said to be private."""

import pytest

from respite.networks import exposed_servers
from respite.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_the_loopback_interface_is_private(host: str) -> None:
    assert exposed_servers(Settings(rasa_host=host, actions_host=host)) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "actions.example"])
def test_any_other_is_refused_unless_the_network_is_said_to_be_private(host: str) -> None:
    [said] = exposed_servers(Settings(actions_host=host))
    assert "RESPITE_ACTIONS_HOST" in said
    assert "RESPITE_PRIVATE_NETWORK=true" in said
    assert exposed_servers(Settings(actions_host=host, private_network=True)) == []


def test_the_servers_may_be_elsewhere() -> None:
    elsewhere = Settings(rasa_url="http://10.0.0.5:5005", actions_port=6060)
    assert (elsewhere.rasa_url, elsewhere.actions_url) == ("http://10.0.0.5:5005", "http://127.0.0.1:6060")
