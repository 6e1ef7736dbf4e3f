"""The child that load_in_child() starts."""

import sys

from connectors.files.child import serve

serve(sys.stdin, sys.stdout)
