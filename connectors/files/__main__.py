"""The child that load_in_child() starts; it ends with its parent, so that no load outlives those who wait for it."""

import io
import os
import sys
import threading


def end_with_parent() -> None:
    """Wait until the parent's end of the pipe closes, then end this process whatever it is doing."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    request = sys.stdin.readline()
    threading.Thread(target=end_with_parent, daemon=True).start()

    from connectors.files.child import serve  # the watch is set before all that takes long

    serve(io.StringIO(request), sys.stdout)
