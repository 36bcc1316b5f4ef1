__firm({"match": "ip", "confidence": 0.93, "company": {"name": "Acme Ltd", "domain": "acme.test", "employees": 340, "industry": "Logistics"}});
