"""Facts and values: what a spec says, what a browser saw, what was judged."""
