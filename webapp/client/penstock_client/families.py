"""What the platform's workloads have besides their jobs, as parts of a client."""

from penstock_client.autopilot import Autopilot
from penstock_client.course import Course
from penstock_client.federations import Federations
from penstock_client.plants import Plants
from penstock_client.transport import Transport


class Families:
    """The part of a client that is about workloads."""

    _transport: Transport

    @property
    def autopilot(self) -> Autopilot:
        """Return what automation may do and does: actions, campaigns, CRMs, and the connections they go through."""
        return Autopilot(self._transport)

    @property
    def course(self) -> Course:
        """Return the course: what there is to read and to solve, to hand programs in, and to teach a class."""
        return Course(self._transport)

    @property
    def federations(self) -> Federations:
        """Return the tenant's federations, to be iterated over, added to, and named."""
        return Federations(self._transport)

    @property
    def plants(self) -> Plants:
        """Return the tenant's pumping stations, to be iterated over, added to, and named: `client.plants["tunnel"]`."""
        return Plants(self._transport)
