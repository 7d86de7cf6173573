# case: generator_steps
# style: an endless Python generator of shuffled batches with steps_per_epoch, one call of fit

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model

# %% train_model
def batches(x, y, batch_size):
    rng = np.random.default_rng()
    while True:
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            chosen = order[start : start + batch_size]
            yield x[chosen], y[chosen]


def train_model(model, x, y, epochs=5):
    batch_size = 16
    steps = int(np.ceil(len(x) / batch_size))
    return model.fit(batches(x, y, batch_size), steps_per_epoch=steps, epochs=epochs, verbose=0)

# %% first_layer_weights
import itertools


def first_layer_weights(model):
    rest = itertools.dropwhile(lambda layer: not layer.get_weights(), model.layers)
    return next(rest).get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    result = []
    for old, new in zip(before, after):
        largest = 0.0
        for p, q in zip(old.flat, new.flat):
            largest = max(largest, abs(float(q) - float(p)))
        result.append(largest)
    return result
