"""This file is about telling people: notices of a turn become alerts, and those that no longer hold are resolved."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.platform.alerts.models import Alert, AlertState
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.workloads.pumping.operations.plants import Station

SOURCE = "pumping"
_BY_SUBJECT = frozenset({"pump_out_of_service", "override_in_force", "rule_broken"})


def tell(session: Session, station: Station, notices: Iterable[Mapping[str, Any]], *, seen_by_turn: bool) -> None:
    """Raise an alert for each notice; a turn of the loop sees all there is, so that what it leaves out is over."""
    told = {key_of(station, notice): notice for notice in notices}
    for key, notice in told.items():
        data = {"plant": station.name, "code": notice["code"]}
        raise_alert(session, station.tenant_id, SOURCE, key, notice["severity"], notice["message"], data)
    if seen_by_turn:
        for key in _open_keys(session, station) - set(told):
            resolve_alert(session, station.tenant_id, SOURCE, key)


def key_of(station: Station, notice: Mapping[str, Any]) -> str:
    """Name what a notice is about: two pumps that are out are two alerts."""
    subject = f"/{notice['message'].split(' is ')[0].split(':')[0]}" if notice["code"] in _BY_SUBJECT else ""
    return f"{station.name}/{notice['code']}{subject}"


def _open_keys(session: Session, station: Station) -> set[str]:
    query = select(Alert.key).where(
        Alert.tenant_id == station.tenant_id,
        Alert.source == SOURCE,
        Alert.state != AlertState.RESOLVED,
        Alert.key.startswith(f"{station.name}/", autoescape=True),
    )
    return set(session.scalars(query))
