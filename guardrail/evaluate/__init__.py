"""How well the product does on labelled texts. Scoring is pure; knows no provider and no wire format."""
