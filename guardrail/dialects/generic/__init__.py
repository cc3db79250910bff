"""Any JSON API that a policy describes, so that an in-house model needs no code."""
