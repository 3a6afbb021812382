"""Files that the browser keeps instead of showing them."""

from urllib.parse import quote

from starlette.responses import Response


def download(content: bytes, name: str, media_type: str = "application/pdf") -> Response:
    """An answer that is saved under that name; whatever the name holds, it stays one value of one header (RFC 6266)."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": attachment(name)})


def attachment(name: str) -> str:
    """The header's value; a name of other than plain letters is percent-encoded (RFC 8187)."""
    encoded = quote(name, safe="")
    return f'attachment; filename="{name}"' if encoded == name else f"attachment; filename*=utf-8''{encoded}"
