"""Linux's mechanisms of confinement, one module each; `tiers` decides how they are used."""
