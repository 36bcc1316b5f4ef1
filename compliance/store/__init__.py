"""Evidence on disk: a run directory holds a ledger, blobs and the inputs that were used."""
