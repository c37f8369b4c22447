"""What both Python peers share: commands as lines of JSON on standard input, answers as lines on standard output."""

import json
import sys
import threading
import urllib.request
from urllib.parse import urljoin


def serve(commands):
    """Reads commands until the input ends and answers each by what `commands` has under its name."""

    def run():
        for line in sys.stdin:
            message = json.loads(line)
            try:
                answer = {"ok": commands[message["do"]](message.get("url"))}
            except Exception as error:  # The test is told and decides.
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps({"id": message["id"], **answer}), flush=True)
        commands["leave"](None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


class Session:
    """A WHIP or WHEP session: an offer in, an answer out, and a URL to end it by."""

    def __init__(self, url, offer):
        request = urllib.request.Request(url, offer.encode(), {"Content-Type": "application/sdp"}, method="POST")
        with urllib.request.urlopen(request, timeout=30) as response:
            self.answer = response.read().decode()
            self.url = urljoin(url, response.headers["Location"])

    def end(self):
        with urllib.request.urlopen(urllib.request.Request(self.url, method="DELETE"), timeout=30):
            pass

