"""The crawl: which pages, in which order, by whom, and never further than allowed."""
