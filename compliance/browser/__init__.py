"""The browser: found, checked, started and listened to; the only layer below the journeys that knows Playwright."""
