"""What the launcher is asked and answers; plain data, sent as JSON with the bytes behind it."""

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_HEAD = struct.Struct("=QQ")
LARGEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use."""

    wall_s: float = 10.0
    cpu_s: float = 10.0
    """Of each process."""
    memory_mib: int = 256
    """Of all processes together, and of what they write into their folders."""
    processes: int = 16
    output_bytes: int = 1 << 20
    """Of standard output and standard error together."""
    disk_mib: int = 32
    """Of each of its two folders."""
    files: int = 1024
    """In each of its two folders."""
    open_files: int = 64
    stack_mib: int = 64


@dataclass(frozen=True, slots=True)
class Order:
    """One program to be run."""

    argv: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What lies in its folder at the start, by name; each may be executed."""
    stdin: bytes = b""
    collect: tuple[str, ...] = ()
    """Files of its folder that are wanted afterwards; `*.x` stands for all that end so."""
    collect_bytes: int = 16 << 20
    environ: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    """Folders of the host that it may read and run, each at its own path."""
    limits: Limits = field(default_factory=Limits)
    without: frozenset[str] = frozenset()
    """Layers that are given up."""
    socket_pairs: bool = False
    """Whether it may make two sockets that are connected to each other; no other socket is ever allowed."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a run; or, with `missing`, which layer could not be raised, and nothing ran."""

    exit_code: int | None = None
    signal: int | None = None
    limit: str | None = None
    """Which limit ended it: wall, cpu, memory, processes, output, or none."""
    stdout: bytes = b""
    stderr: bytes = b""
    stdout_truncated: bool = False
    stderr_truncated: bool = False
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_kib: int = 0
    collected: Mapping[str, bytes] = field(default_factory=dict)
    missing: str | None = None
    reason: str = ""


def send_order(channel: socket.socket, order: Order) -> None:
    """Send an order."""
    document = asdict(order) | {"without": sorted(order.without), "files": list(order.files)}
    _send(channel, document, [order.stdin, *order.files.values()])


def receive_order(channel: socket.socket) -> Order | None:
    """Wait for the next order; None when the other side is gone."""
    received = _receive(channel)
    if received is None:
        return None
    document, (stdin, *contents) = received
    return Order(
        **document
        | {
            "argv": tuple(document["argv"]),
            "collect": tuple(document["collect"]),
            "folders": tuple(document["folders"]),
            "without": frozenset(document["without"]),
            "files": dict(zip(document["files"], contents, strict=True)),
            "limits": Limits(**document["limits"]),
            "stdin": stdin,
        }
    )


def send_ending(channel: socket.socket, ending: Ending) -> None:
    """Send what became of a run."""
    document = asdict(ending) | {"collected": list(ending.collected)}
    _send(channel, document, [ending.stdout, ending.stderr, *ending.collected.values()])


def receive_ending(channel: socket.socket) -> Ending | None:
    """Wait for what became of a run; None when the launcher is gone."""
    received = _receive(channel)
    if received is None:
        return None
    document, (stdout, stderr, *contents) = received
    collected = dict(zip(document["collected"], contents, strict=True))
    return Ending(**document | {"stdout": stdout, "stderr": stderr, "collected": collected})


def _send(channel: socket.socket, document: Mapping[str, Any], blobs: list[bytes]) -> None:
    plain = {name: None if isinstance(value, bytes) else value for name, value in document.items()}
    head = json.dumps([plain, [len(blob) for blob in blobs]]).encode()
    body = b"".join(blobs)
    channel.sendall(_HEAD.pack(len(head), len(body)) + head + body)


def _receive(channel: socket.socket) -> tuple[dict[str, Any], list[bytes]] | None:
    lengths = _exactly(channel, _HEAD.size)
    if lengths is None:
        return None
    head_bytes, body_bytes = _HEAD.unpack(lengths)
    if head_bytes + body_bytes > LARGEST:
        return None
    head, body = _exactly(channel, head_bytes), _exactly(channel, body_bytes)
    if head is None or body is None:
        return None
    document, sizes = json.loads(head)
    blobs, at = [], 0
    for size in sizes:
        blobs.append(body[at : at + size])
        at += size
    return document, blobs


def _exactly(channel: socket.socket, count: int) -> bytes | None:
    parts = []
    while count:
        part = channel.recv(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
