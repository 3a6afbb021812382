"""The API: what programs read with a token, as JSON. Nothing here changes the record but the audit."""

import math
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from refpad.services.connecting.metrics import metrics_text
from refpad.services.connecting.openapi import openapi_json
from refpad.services.connecting.pages import (
    PAGE_MOST,
    change_page,
    follow_up_page,
    one_follow_up,
    one_referral,
    referral_page,
)
from schemas.api import NOUN_OF, ApiProblem, ApiToken, Scope
from schemas.base import Value
from schemas.changes import START
from schemas.errors import MachineError, NotOnRecordError, UsageError
from store.users.api_tokens import find_token
from web.context import RequestContext
from web.errors import NotFoundError
from web.services.login_throttle import WAIT_MOST_S, TooManyTriesError
from web.services.request_rates import REQUESTS_A_MINUTE

JSON = "application/json"
HOW_TO_ASK = "Send a token that works, as: Authorization: Bearer refpad_..."
THROTTLED_AS = "an API token"  # no user's name has a space

Answer = Callable[[RequestContext, ApiToken], Value | bytes]


def with_token(answer: Answer, *scopes: Scope) -> Callable[[RequestContext], Awaitable[Response]]:
    """The page of a program: its token is looked at first, and a wrong one waits like a wrong password.

    Any of the `scopes` opens it. Errors are JSON as well, in one sentence.
    """

    async def page(context: RequestContext) -> Response:
        token = await run_in_threadpool(find_token, context.store, context.bearer) if context.bearer else None
        if token is None:
            return await _refused(context)
        if not set(scopes) & set(token.scopes):
            return problem(HTTPStatus.FORBIDDEN, f"This token opens {' and '.join(token.scopes)} only.")
        wait_s = context.services.tools.rates.wait_s(token.id)
        if wait_s:
            return _too_many(f"This token asks more than {REQUESTS_A_MINUTE} times a minute.", wait_s)
        try:
            content = await run_in_threadpool(answer, context, token)
        except (NotOnRecordError, NotFoundError):
            return problem(HTTPStatus.NOT_FOUND, "There is nothing under this number.")
        except UsageError as error:
            return problem(HTTPStatus.BAD_REQUEST, str(error))
        except MachineError:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The record does not answer: try again in a while.")
        if isinstance(content, bytes):
            return Response(content, media_type=CONTENT_TYPE_LATEST)
        return Response(content.model_dump_json(), media_type=JSON)

    return page


def _referrals(context: RequestContext, token: ApiToken) -> Value:
    return referral_page(context.store, token, _number(context, "after", 0), _limit(context))


def _referral(context: RequestContext, token: ApiToken) -> Value:
    return one_referral(context.store, token, context.path_number("referral"))


def _follow_ups(context: RequestContext, token: ApiToken) -> Value:
    return follow_up_page(context.store, token, _number(context, "after", 0), _limit(context))


def _follow_up(context: RequestContext, token: ApiToken) -> Value:
    return one_follow_up(context.store, token, context.path_number("follow_up"))


def _changes(context: RequestContext, token: ApiToken) -> Value:
    return change_page(context.store, token, context.query.get("since", START), _limit(context))


def _metrics(context: RequestContext, _token: ApiToken) -> bytes:
    return metrics_text(context.store)


referrals = with_token(_referrals, Scope.REFERRALS)
referral = with_token(_referral, Scope.REFERRALS)
follow_ups = with_token(_follow_ups, Scope.FOLLOW_UPS)
follow_up = with_token(_follow_up, Scope.FOLLOW_UPS)
changes = with_token(_changes, *NOUN_OF)
metrics = with_token(_metrics, Scope.METRICS)


def openapi(context: RequestContext) -> Response:
    """The description of the API (OpenAPI 3.1), the same in every installation."""
    return Response(openapi_json(context.services.settings.front_desk.url), media_type=JSON)


async def _refused(context: RequestContext) -> Response:
    try:
        await context.services.tools.logins.wait_for_turn(THROTTLED_AS, context.address)
    except TooManyTriesError as error:
        return _too_many(str(error), WAIT_MOST_S)
    answer = problem(HTTPStatus.UNAUTHORIZED, HOW_TO_ASK)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def problem(status: HTTPStatus, sentence: str) -> Response:
    """A refusal, in one sentence."""
    return Response(ApiProblem(problem=sentence).model_dump_json(), status, media_type=JSON)


def _too_many(sentence: str, wait_s: float) -> Response:
    answer = problem(HTTPStatus.TOO_MANY_REQUESTS, sentence)
    answer.headers["Retry-After"] = str(math.ceil(wait_s))
    return answer


def _limit(context: RequestContext) -> int:
    limit = _number(context, "limit", PAGE_MOST)
    if not 1 <= limit <= PAGE_MOST:
        raise UsageError(f"limit is 1 to {PAGE_MOST}.")
    return limit


def _number(context: RequestContext, name: str, default: int) -> int:
    if name not in context.query:
        return default
    found = context.query_number(name)
    if found is None:
        raise UsageError(f"{name} is a number of at most 9 digits.")
    return found
