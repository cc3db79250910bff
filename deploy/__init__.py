"""What runs the guardrail elsewhere, and the bill of what it is made of."""
