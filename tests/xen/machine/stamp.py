"""Keeps a console in a file, each line with the seconds since the start, and passes on what the scenarios say."""
import sys
import time

start = time.monotonic()
with open(sys.argv[1], "w") as log:
    for line in iter(sys.stdin.buffer.readline, b""):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        log.write(f"{time.monotonic() - start:7.2f} {text}\n")
        log.flush()
        if text.startswith(("  | ", "verdict ")):
            print(text, flush=True)
