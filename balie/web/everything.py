"""All data of a client as one file, the same for staff and for the client's owners; that it was taken is remembered."""

from django.http import StreamingHttpResponse

from balie.accounts.models import Client
from balie.accounts.opened import remember_taken
from balie.quality.everything import everything_of
from balie.statements.files import name_for
from balie.web.request import OfficeRequest, author


def everything_file(request: OfficeRequest, client: Client, *, for_client: bool = False) -> StreamingHttpResponse:
    """The download, sent while it is made. for_client: without what only staff see."""
    archive = everything_of(client, now=request.desk.now, for_client=for_client)
    if request.method == "GET":
        remember_taken(client=client.number, author=author(request))
    name = f"client-{name_for(client.number)}-{request.desk.today}.zip"
    response = StreamingHttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
