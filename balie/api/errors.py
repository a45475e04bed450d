"""Everything that goes wrong as `{"error": {"code", "message", "where"}}`: never HTML, never a traceback."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from balie.rules.errors import Refused

log = logging.getLogger(__name__)
STATUS = {"unauthorized": 401, "forbidden": 403, "not_found": 404, "method_not_allowed": 405, "busy": 409,
          "not_set_up": 409, "too_large": 413}  # fmt: skip
UNREADABLE = 422


def error(status: int, code: str, message: str, where: str = "", **headers: str) -> JsonResponse:
    document = {"error": {"code": code, "message": message, "where": where}}
    return JsonResponse(document, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def status_of(refusal: Refused) -> int:
    """404 for what is not there, 422 for what cannot be done as asked; some have a number of their own."""
    return STATUS.get(refusal.code, 404 if refusal.code.startswith("unknown_") else UNREADABLE)


def first_problem(request: HttpRequest, problem: ValidationError) -> JsonResponse:
    """The first of what a request has wrong: which parameter, and what about it."""
    found: Mapping[str, Any] = problem.errors[0] if problem.errors else {}
    where = ".".join(str(part) for part in found.get("loc", ())[1:])
    return error(UNREADABLE, "bad_request", f"{found.get('msg', 'This request cannot be read')}.", where)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return error(status_of(refusal), refusal.code, refusal.message, refusal.where)


def no_token(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
    message = "A valid token is needed: Authorization: Bearer TOKEN. `balie token` makes one."
    return error(401, "unauthorized", message, "Authorization", **{"WWW-Authenticate": "Bearer"})


def http_error(request: HttpRequest, problem: HttpError) -> HttpResponse:
    return error(problem.status_code, "bad_request", str(problem))


def bad(request: HttpRequest, problem: Exception) -> HttpResponse:
    return error(400, "bad_request", "This request cannot be read.")


def missing(request: HttpRequest, problem: Http404) -> HttpResponse:
    return nowhere(request)


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any path below /api/ that is not one of ours."""
    return error(404, "not_found", "There is nothing at this address; see /api/v1/openapi.json.", request.path[:200])


def no_database(request: HttpRequest, problem: DatabaseError) -> HttpResponse:
    log.exception("%s %s: the database", request.method, request.path)
    return error(503, "no_database", "The database does not answer; try again in a moment.", **{"Retry-After": "5"})


def broken(request: HttpRequest, bug: Exception) -> HttpResponse:
    log.exception("%s %s: a fault in Balie", request.method, request.path)
    return error(500, "fault", "Something went wrong here; it is written down for the administrator.")


ANSWERS: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
    (Refused, refused),
    (ValidationError, first_problem),
    (AuthenticationError, no_token),
    (HttpError, http_error),
    (Http404, missing),
    (BadRequest, bad),
    (SuspiciousOperation, bad),
    (DatabaseError, no_database),
    (Exception, broken),
)


def install(api: NinjaAPI) -> None:
    """Gives the API these answers."""
    for kind, answer in ANSWERS:
        api.add_exception_handler(kind, answer)
