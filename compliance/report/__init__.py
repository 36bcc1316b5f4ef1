"""Views of a finished run: `run.json`, the HTML report, and the lines on the terminal.

The run is the product; everything here only shows it, and may be made again
from `run.json` and the blobs at any time.
"""
