"""Which hosts may be reached: only public ones, unless the installation allows some networks of its own."""

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from core.errors import Denied, Transient

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = ip_network("64:ff9b::/96")


class AddressForbidden(Denied):
    """The host has an address to which nothing is delivered."""

    code = "address_forbidden"


class HostUnknown(Transient):
    """The host's name does not lead to an address just now."""

    code = "host_unknown"


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for a host's addresses, the best first; raises `HostUnknown`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(f"{host}: {error}") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@dataclass(frozen=True, slots=True)
class Border:
    """What may be reached: everything public, and the networks that are allowed besides."""

    allowed: Sequence[Network] = ()
    resolve: Resolve = resolve

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return a host's addresses, all of which were checked; raises `AddressForbidden` or `HostUnknown`.

        Whoever connects has to use these: asking for the name again might lead elsewhere.
        """
        found = self.resolve(host, port)
        if not found:
            raise HostUnknown(f"{host} has no address")
        for address in found:
            if not self._may_reach(ip_address(address)):
                # Not to which one: whoever names hosts is to learn nothing of a network that is not theirs.
                raise AddressForbidden(f"{host} leads to an address that is not public")
        return found

    def _may_reach(self, address: Address) -> bool:
        if any(_same_version(address, network) and address in network for network in self.allowed):
            return True
        return all(_is_public(each) for each in (address, *_wrapped_in(address)))


def _same_version(address: Address, network: Network) -> bool:
    return address.version == network.version


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address.is_site_local):
        return address.ipv4_mapped is not None and _is_public(address.ipv4_mapped)
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    # The prefix that translates to IPv4 counts as reserved; what is behind it decides.
    return address.is_global and (not special or address in _NAT64)


def _wrapped_in(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses to which gateways may pass on what is sent to an IPv6 address."""
    if not isinstance(address, IPv6Address):
        return
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
