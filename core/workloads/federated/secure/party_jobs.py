"""`federated.secure_party`: one step of one party of a secure sum."""

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag

from core.errors import Invalid
from core.jobs.context import JobContext
from core.workloads.federated.secure import field
from core.workloads.federated.secure.companies import read, written
from core.workloads.federated.secure.party import Party, SharesRefused

_NOTHING = dict.fromkeys(("keys", "sealed", "masked", "seeds", "private"))


class PartyRefuses(Invalid):
    """The server asks a party for what would unmask another one, or hands it shares that were changed."""

    code = "party_refuses"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Make the step; raises `PartyRefuses`."""
    context.checkpoint()
    party = Party(params["place"], bytes.fromhex(params["secret"]))
    keys = {int(place): tuple(map(bytes.fromhex, pair)) for place, pair in params["keys"].items()}
    try:
        return {**_NOTHING, **_STEPS[params["step"]](party, keys, params)}
    except (SharesRefused, InvalidTag, KeyError, ValueError) as error:
        raise PartyRefuses(f"Party {party.place} does not take part in this step.") from error


def _keys(party: Party, _keys: Mapping[int, Any], _params: Mapping[str, Any]) -> dict[str, Any]:
    return {"keys": [key.hex() for key in party.public_keys()]}


def _share(party: Party, keys: Mapping[int, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    sealed = party.sealed_shares(keys, params["threshold"])
    return {"sealed": {str(other): one.hex() for other, one in sealed.items()}}


def _mask(party: Party, keys: Mapping[int, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    vector = read(params["vector"]) % field.PRIME
    return {"masked": written(party.masked(vector, keys))}


def _reveal(party: Party, keys: Mapping[int, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    for sender, sealed in params["inbox"].items():
        party.receive(int(sender), bytes.fromhex(sealed), keys[int(sender)][1])
    seeds, private = party.reveal(set(params["came"]), set(params["gone"]), params["threshold"])
    return {
        name: {str(owner): f"{value:x}" for owner, value in told.items()}
        for name, told in (("seeds", seeds), ("private", private))
    }


_STEPS = {"keys": _keys, "share": _share, "mask": _mask, "reveal": _reveal}
