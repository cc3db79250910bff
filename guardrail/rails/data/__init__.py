"""Tables that people read and sign off: texts, services, words. Data only; no rules."""
