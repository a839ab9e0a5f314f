"""The attack set, whole."""

from tests.integration.sandbox.attacks.base import Attack
from tests.integration.sandbox.attacks.host import HOST
from tests.integration.sandbox.attacks.in_c import IN_C
from tests.integration.sandbox.attacks.kernel import SOCKETS, SYSTEM_CALLS
from tests.integration.sandbox.attacks.resources import RESOURCES

ATTACKS: list[Attack] = [*RESOURCES, *HOST, *SYSTEM_CALLS, *SOCKETS, *IN_C]
