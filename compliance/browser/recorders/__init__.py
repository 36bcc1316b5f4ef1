"""What turns DevTools events and harvested JSON into observations; no browser calls in here."""
