"""`python -m seamline_app` is `seamline`."""

import sys

from seamline_app.cli import main

sys.exit(main())
