"""Sends prepared messages over HTTP as phones do, a few at a time: a process of its own, that knows nothing of Umeed.

`python carrier.py PORT AT_ONCE < messages > answers`: a line {token, body} each, in order; a line {ms, status, body} of
each answer, in the same order. Bodies are gzip in base64, as they travel. Each message has a connection of its own:
each comes from another phone, and four that stay open might all be those of one of the server's processes.
"""

import base64
import http.client
import json
import sys
import threading
import time

ADDRESS = "/field/api/sync"


def main() -> None:
    port, at_once = int(sys.argv[1]), int(sys.argv[2])
    messages = [json.loads(line) for line in sys.stdin]
    answers: list[dict[str, object]] = [{} for _ in messages]
    rest = iter(range(len(messages)))
    lock = threading.Lock()

    def carry() -> None:
        while True:
            with lock:
                at = next(rest, None)
            if at is None:
                return
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
            answers[at] = send(connection, messages[at])
            connection.close()

    began, before = time.monotonic(), time.process_time()
    threads = [threading.Thread(target=carry) for _ in range(at_once)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    seconds, used = time.monotonic() - began, time.process_time() - before
    print(json.dumps({"seconds": seconds, "processor": used}))
    for answer in answers:
        print(json.dumps(answer))


def send(connection: http.client.HTTPConnection, message: dict[str, str]) -> dict[str, object]:
    """Until it is answered: a phone tries again. How long it took, tries and all."""
    body, began = base64.b64decode(message["body"]), time.monotonic()
    headers = {
        "Authorization": f"Device {message['token']}", "Content-Type": "application/json",
        "Content-Encoding": "gzip", "Accept-Encoding": "gzip",
    }  # fmt: skip
    for _try in range(5):
        try:
            connection.request("POST", ADDRESS, body, headers)
            answer = connection.getresponse()
            read = answer.read()
            is_packed = answer.getheader("Content-Encoding") == "gzip"
        except (OSError, http.client.HTTPException):
            connection.close()
            continue
        took = 1000 * (time.monotonic() - began)
        told = base64.b64encode(read).decode()
        return {"ms": took, "status": answer.status, "body": told, "is_packed": is_packed, "bytes": len(read)}
    return {"ms": 1000 * (time.monotonic() - began), "status": 0, "body": "", "is_packed": False, "bytes": 0}


if __name__ == "__main__":
    main()
