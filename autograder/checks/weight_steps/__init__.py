"""What the checks of 04-weight-steps need besides the shared vocabulary.

| module | knows |
|---|---|
| `by_hand` | the gradient of the small network, in plain NumPy |
| `one_step` | whether a step is the right one, and which wrong one it is |
| `snapshots` | whether a trajectory is whole, and its snapshots are copies |
| `optimizers` | which kind of optimizer takes such steps |
"""
