"""The domain: published oracles, properties over random loans, and every decision by its reason."""
