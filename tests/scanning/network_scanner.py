"""A network scanner for tests: a feeder and a glass that speak eSCL, as today's copiers do."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

INCH = 300  # eSCL measures in three-hundredths of an inch

NAMES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" '
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)
CAPS = """<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>3508</scan:MaxHeight>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>
</scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>
<scan:DiscreteResolution><scan:XResolution>100</scan:XResolution>
<scan:YResolution>100</scan:YResolution></scan:DiscreteResolution>
<scan:DiscreteResolution><scan:XResolution>300</scan:XResolution>
<scan:YResolution>300</scan:YResolution></scan:DiscreteResolution>
</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>"""
CAPABILITIES = f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {NAMES}><pwg:Version>2.6</pwg:Version>
<pwg:MakeAndModel>Pretended Copier</pwg:MakeAndModel>
<scan:Platen><scan:PlatenInputCaps>{CAPS}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{CAPS}</scan:AdfSimplexInputCaps>
<scan:AdfDuplexInputCaps>{CAPS}</scan:AdfDuplexInputCaps></scan:Adf>
</scan:ScannerCapabilities>"""


class NetworkScanner:
    """Serves `sheets` blank pages a job from its feeder; `state` is what it says of the feeder."""

    def __init__(self, sheets: int, state: str = "ScannerAdfLoaded") -> None:
        self.state = state
        self.orders: list[str] = []
        self._left = self._sheets = sheets
        scanner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path.endswith("/ScannerCapabilities"):
                    self._answer(200, CAPABILITIES.encode(), "text/xml")
                elif self.path.endswith("/ScannerStatus"):
                    self._answer(200, scanner.status(), "text/xml")
                elif page := scanner.next_page():
                    self._answer(200, page, "image/jpeg")
                else:
                    self._answer(404)

            def do_POST(self) -> None:
                order = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if scanner.start(order):
                    self._answer(201, location=f"http://127.0.0.1:{scanner.port}/eSCL/ScanJobs/1")
                else:
                    self._answer(409)

            def do_DELETE(self) -> None:
                self._answer(200)

            def log_message(self, format: str, *args: object) -> None:
                return

            def _answer(
                self, code: int, body: bytes = b"", kind: str = "", location: str = ""
            ) -> None:
                self.send_response(code)
                headers = {"Content-Type": kind, "Location": location}
                for name, value in headers.items():
                    if value:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def status(self) -> bytes:
        return (
            f"<scan:ScannerStatus {NAMES}><pwg:State>Idle</pwg:State>"
            f"<scan:AdfState>{self.state}</scan:AdfState></scan:ScannerStatus>"
        ).encode()

    def start(self, order: str) -> bool:
        self.orders.append(order)
        self._left = 1 if "Platen" in order else self._sheets
        return self.state == "ScannerAdfLoaded" or "Platen" in order

    def next_page(self) -> bytes:
        if not self._left:
            self.state = "ScannerAdfEmpty"
            return b""
        self._left -= 1
        page = io.BytesIO()
        Image.new("RGB", (827, 1169), "white").save(page, "JPEG", dpi=(100, 100))
        return page.getvalue()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
