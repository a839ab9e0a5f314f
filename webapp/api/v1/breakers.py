"""Circuit breakers: what is left alone for a while because it failed again and again."""

from flask import Response
from flask_smorest import Blueprint

from webapp.breakers import breaker_document, breakers_of
from webapp.operations import Answer, Call, operation, page_answer
from webapp.schemas.breakers import BreakerList

blueprint = Blueprint("breakers", __name__, description="What is left alone after failures in a row")


@operation(blueprint, "GET /breakers", "health:read", answers={200: Answer("Every breaker, by name", BreakerList)})
def list_breakers(call: Call) -> Response:
    """List the circuit breakers of your tenant and of the platform.

    Five failures in a row open one for a minute; then one call is let through to see whether it works again.
    """
    breakers = call.process.breakers
    return page_answer([breaker_document(breakers, one) for one in breakers_of(breakers, call.principal.tenant_id)])
