"""Each action and validator alone, with a real store: one module per skill, as in `actions`."""
