"""How fast the crawl is, as ratios to the browser's limit and to other tools, all in one run."""
