"""How often the checks are right: pages with a label each, audited as any site is, and precision and recall by check.

`table.yaml` holds the labels, `pages/` what is served. `docs/accuracy.md` says how labels are made.
"""
