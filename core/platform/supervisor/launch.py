"""One platform from its start to its end: folder, servers, plan, supervision, stop."""

import random
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import Transient
from core.platform.servers.credentials import Credentials, load_credentials
from core.platform.servers.embedded import await_answer, place_all
from core.platform.servers.folder import DataFolder, hold, open_folder
from core.platform.servers.ports import PortTaken, claim_ports, is_free
from core.platform.servers.postgres import Postgres
from core.platform.supervisor import records
from core.platform.supervisor.adoption import adopt_orphans
from core.platform.supervisor.environment import FLOWER_USER, Ports, platform_environ
from core.platform.supervisor.leftovers import guarded, stop_leftovers
from core.platform.supervisor.plan import make_plan
from core.platform.supervisor.procfile import read_procfile
from core.platform.supervisor.records import Endpoint
from core.platform.supervisor.reporting import Recording, Reporter
from core.platform.supervisor.restarting import RestartPolicy
from core.platform.supervisor.rotation import tail
from core.platform.supervisor.signals import Signals, listen
from core.platform.supervisor.stopping import stop_all
from core.platform.supervisor.supervision import Supervision, supervise
from core.platform.supervisor.unit import Child, Unit


class StartFailed(Transient):
    """The platform could not be started."""

    code = "start_failed"


@dataclass(frozen=True, slots=True)
class Options:
    """What one start is told; `prepare` is `module:function`, called between the servers' start and the processes'."""

    root: Path
    procfile: Path
    prepare: str
    port: int = 8000
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    watched: bool = True
    """Whether somebody sees what is said."""


def run(options: Options, environ: Mapping[str, str], reporter: Reporter, rng: random.Random) -> None:
    """Run a platform until a stop is asked for; raises `StartFailed` with the reason, and leaves no process behind."""
    folder = open_folder(options.root)
    with ExitStack() as stack:
        stack.enter_context(hold(folder))
        guard = stack.enter_context(guarded(folder))
        signals = stack.enter_context(listen())
        stop_leftovers(folder)
        adopt_orphans()
        ports = _claim(folder, options.port, rng)
        secrets = load_credentials(folder)
        units = _plan(options, folder, secrets, environ, ports, rng)
        stack.enter_context(reporter.opened())
        supervision = Supervision(
            children={unit.name: Child(unit) for unit in units},
            folder=folder,
            observer=Recording(
                folder,
                reporter,
                _urls(ports, secrets, streaming="stream" in {unit.name for unit in units}),
                watched=options.watched,
            ),
            policy=options.policy,
            guard=guard,
        )
        failed = _run(supervision, signals)
    if failed is not None:
        raise StartFailed(_reason(folder, failed))


def _run(supervision: Supervision, signals: Signals) -> Child | None:
    try:
        return supervise(supervision, signals)
    finally:
        stop_all(supervision, signals)
        records.remove(supervision.folder)


def _claim(folder: DataFolder, port: int, rng: random.Random) -> Ports:
    if port and not is_free(port):
        raise PortTaken(f"Port {port} is taken by another program; name another with --port, or 0 for any free one.")
    names = ("stream", "flower") if port else ("web", "stream", "flower")
    claimed = claim_ports(folder.run / "ports.json", names, rng=rng)
    return Ports(web=port or claimed["web"], stream=claimed["stream"], flower=claimed["flower"])


def _plan(
    options: Options,
    folder: DataFolder,
    secrets: Credentials,
    environ: Mapping[str, str],
    ports: Ports,
    rng: random.Random,
) -> tuple[Unit, ...]:
    lines = read_procfile(options.procfile)
    placements = place_all(folder, secrets, environ, rng)
    for placement in placements:
        # What is wrong with a database of somebody else's is told by the step that prepares it.
        if placement.program is None and not isinstance(placement.server, Postgres):
            await_answer(placement, None, within_s=10.0)
    shared = platform_environ(environ, folder, secrets, placements, ports)
    cwd = options.procfile.absolute().parent
    return make_plan(lines, placements, folder, shared, ports, cwd=cwd, prepare=options.prepare)


def _urls(ports: Ports, secrets: Credentials, *, streaming: bool) -> Endpoint:
    url = f"http://127.0.0.1:{ports.web}"
    stream_url = f"http://127.0.0.1:{ports.stream}" if streaming else url
    return Endpoint(
        url, stream_url, f"http://{FLOWER_USER}:{secrets.flower_password}@127.0.0.1:{ports.flower}", api_key=""
    )


def _reason(folder: DataFolder, child: Child) -> str:
    log = folder.log(child.unit.name)
    said = "\n".join(f"  {line}" for line in tail(log, 20))
    return f"{child.unit.name} ended with {child.exit_code}. The end of {log}:\n{said}"
