"""Put on PYTHONPATH for the commands that tests start: they may reach loopback addresses only."""

from tests_offline import refuse_other_networks

refuse_other_networks()
