"""Tests of clausegraph.

The client library of the Hub reads its environment when it is imported. Tests ask a Hub that they play on this machine,
so that it must not be offline then; `conftest` sets it offline for every process that tests start.
"""

import os

os.environ.pop("HF_HUB_OFFLINE", None)
