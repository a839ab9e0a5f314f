"""Which of apprise's services may be channels: those that reach people by network, none that acts on this host."""

import re

SERVICES = frozenset(
    {
        *("mailto", "mailtos", "json", "jsons", "form", "forms", "xml", "xmls"),
        *("slack", "discord", "workflows", "gchat", "mmost", "mmosts", "rocket", "rockets", "zulip"),
        *("matrix", "matrixs", "webex", "wxteams", "ryver", "twist", "guilded", "revolt", "flock"),
        *("whatsapp", "twilio", "vonage", "msg91", "sinch", "sns", "bulksms", "clickatell", "signal"),
        *("signals", "tgram", "threema", "line", "seven", "smseagle", "smseagles", "voipms", "plivo", "httpsms"),
        *("ntfy", "ntfys", "gotify", "gotifys", "pover", "pbul", "pushy", "join", "prowl", "bark", "barks", "pushdeer"),
        *("pagerduty", "opsgenie", "splunk", "victorops", "spike", "signl4", "pagertree", "squadcast"),
        *("mailgun", "sendgrid", "ses", "sparkpost", "brevo", "resend", "smtp2go", "ifttt"),
    }
)
LONGEST = 2_000
_VISIBLE = re.compile(r"[\x21-\x7e]+")


def service_of(url: str) -> str:
    """Return the service that an address names, in small letters."""
    return url.partition("://")[0].lower()


def flaw_in(url: str) -> str | None:
    """Tell what is wrong with the form of an address; None when nothing is."""
    if len(url) > LONGEST:
        return f"At most {LONGEST:,} characters."
    if not _VISIBLE.fullmatch(url) or "://" not in url:
        return "Visible ASCII characters only, as service://…; others percent-encoded."
    if service_of(url) not in SERVICES:
        return f"The service has to be one of {', '.join(sorted(SERVICES))}."
    return None
