"""What is known about the web and its words: pure lookups, no look at the site."""
