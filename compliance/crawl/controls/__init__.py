"""Control pages: everything that checks look for, done on purpose, before and after the crawl of a site."""
