"""The Python client of Penstock: submit jobs over HTTP, follow them, fetch what comes out."""

from penstock_client.audiences import Audiences
from penstock_client.autopilot import Autopilot
from penstock_client.bulk import BulkOutcome
from penstock_client.client import Client
from penstock_client.collections import Collection
from penstock_client.course import Course
from penstock_client.documents import Artifact, Event, Job, JobError, Kind, Limit, LogLine, Progress, Queue, Upload
from penstock_client.domains import BusEvent, Domain, Domains, Trigger, Triggers, Window
from penstock_client.endpoint import Endpoint, find_endpoint
from penstock_client.errors import (
    Conflict,
    Denied,
    DownloadDamaged,
    EndpointUnknown,
    Invalid,
    JobCancelled,
    JobExpired,
    JobFailed,
    JobUnsuccessful,
    NotFound,
    Overloaded,
    PenstockClientError,
    Refused,
    TimedOut,
    Unreachable,
)
from penstock_client.federations import FederationHandle, Federations
from penstock_client.handle import JobHandle
from penstock_client.live import News
from penstock_client.login import Login, log_in
from penstock_client.plants import PlantHandle, Plants
from penstock_client.schedules import Schedule, ScheduleHandle, ScheduleRun
from penstock_client.segments import Segments
from penstock_client.signatures import SignatureInvalid, verify_signature
from penstock_client.webhooks import Delivery, Webhook, Webhooks
from penstock_client.workflows import Workflow, WorkflowHandle, WorkflowStep

__all__ = [
    "Artifact",
    "Audiences",
    "Autopilot",
    "BulkOutcome",
    "BusEvent",
    "Client",
    "Collection",
    "Conflict",
    "Course",
    "Delivery",
    "Denied",
    "Domain",
    "Domains",
    "DownloadDamaged",
    "Endpoint",
    "EndpointUnknown",
    "Event",
    "FederationHandle",
    "Federations",
    "Invalid",
    "Job",
    "JobCancelled",
    "JobError",
    "JobExpired",
    "JobFailed",
    "JobHandle",
    "JobUnsuccessful",
    "Kind",
    "Limit",
    "LogLine",
    "Login",
    "News",
    "NotFound",
    "Overloaded",
    "PenstockClientError",
    "PlantHandle",
    "Plants",
    "Progress",
    "Queue",
    "Refused",
    "Schedule",
    "ScheduleHandle",
    "ScheduleRun",
    "Segments",
    "SignatureInvalid",
    "TimedOut",
    "Trigger",
    "Triggers",
    "Unreachable",
    "Upload",
    "Webhook",
    "Webhooks",
    "Window",
    "Workflow",
    "WorkflowHandle",
    "WorkflowStep",
    "find_endpoint",
    "log_in",
    "verify_signature",
]
