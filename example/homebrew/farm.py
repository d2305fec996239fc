"""What a worker says about itself: who it is, and whether it may get visitors."""

import os
import time

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LONGEST_SLEEP = 30  # seconds
SLOW_BODY = 1000  # bytes


def identity():
    """The worker that answers, as people and probes want to know it."""
    return {
        "release": settings.FARM_RELEASE,
        "instance": settings.FARM_INSTANCE,
        "pid": os.getpid(),
    }


def in_every_page(request):
    """Context processor: the footer names the worker."""
    return {"farm": identity()}


@require_safe
@never_cache
def about(request):
    """The worker's identity, for people."""
    return render(request, "about.html")


@require_safe
@never_cache
def whoami(request):
    """The worker's identity, for programs."""
    return JsonResponse(identity())


@require_safe
@never_cache
def health(request):
    """200 if this worker can serve pages, 503 with the reasons if it cannot."""
    checks = {"database": database_problem(), "static": static_problem()}
    healthy = not any(checks.values())
    answer = {
        "status": "ok" if healthy else "failing",
        **identity(),
        "checks": {name: problem or "ok" for name, problem in checks.items()},
    }
    return JsonResponse(answer, status=200 if healthy else 503)


def database_problem():
    """Read all columns that this release knows: a schema that is too old shows here, not later."""
    try:
        for model in (get_user_model(), *apps.get_app_config("recipes").get_models()):
            model.objects.order_by().first()
    except DatabaseError as error:
        return str(error)
    return ""


def static_problem():
    """A missing manifest would make an error of every page; see that it is there."""
    try:
        static("recipes/style.css")
    except ValueError as error:
        return str(error)
    return ""


@require_safe
@never_cache
def slow(request):
    """Sleep, then answer with a body of known length, so that a client can tell if it was cut."""
    if not settings.SLOW:
        raise Http404
    try:
        seconds = min(float(request.GET.get("s", "5")), LONGEST_SLEEP)
    except ValueError:
        return HttpResponseBadRequest("s is not a number\n", content_type="text/plain")
    if not seconds >= 0:
        return HttpResponseBadRequest("s is not a time\n", content_type="text/plain")
    time.sleep(seconds)
    said = f"slept {seconds:g} s on {settings.FARM_INSTANCE}, process {os.getpid()}"
    return HttpResponse(said.ljust(SLOW_BODY - 1, ".") + "\n", content_type="text/plain")


@require_safe
@never_cache
def seen(request):
    """What has arrived here of a request: is the balancer believed, and only the balancer?"""
    if not settings.SLOW:
        raise Http404
    return JsonResponse(
        {
            **identity(),
            "scheme": request.scheme,
            "secure": request.is_secure(),
            "host": request.get_host(),
            "url": request.build_absolute_uri(),
            "address": request.META["REMOTE_ADDR"],
            "headers": dict(request.headers),
        }
    )
