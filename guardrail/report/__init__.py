"""Reports out of the audit log: counts and rates of a period, by user group, without a small count (WHO-26, WHO-65).

`collect` reads, `cells` withholds, `statistics` compares, `sheet` puts together, `charts` and `page` show, `sealed`
signs. The audit log is the only source: what it does not hold is not guessed, and is said to be missing.
"""
