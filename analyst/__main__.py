"""`python -m analyst`."""

import sys

from analyst.cli import main

sys.exit(main())
