"""Files for one visitor alone: Django decides, and Apache sends them."""

from mimetypes import guess_type
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
@login_required
def private(request, name):
    """A file from the visitor's own folder, which has the number of the account."""
    folder = Path(settings.PRIVATE_FILES, str(request.user.pk)).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise Http404
    if settings.X_SENDFILE:  # length, parts and "not modified" are Apache's then
        kind = guess_type(path.name)[0] or "application/octet-stream"
        response = HttpResponse(content_type=kind)
        response["X-Sendfile"] = str(path).encode().decode("latin-1")  # its bytes are UTF-8
    else:
        response = FileResponse(path.open("rb"))
    response["Cache-Control"] = "private, no-store"
    return response
