# case: lambda_layer
# style: a Lambda layer adds bent copies of the features; PReLU; a generator with steps_per_epoch feeds fit

# %% normalize
def normalize(x_train, x_other):
    from collections import namedtuple

    Scale = namedtuple("Scale", "mean std")
    scale = Scale(mean=x_train.mean(axis=0), std=x_train.std(axis=0))
    return (x_train - scale.mean) / scale.std, (x_other - scale.mean) / scale.std

# %% build_model
def build_model(n_features):
    inputs = keras.Input((n_features,))
    bent = keras.layers.Lambda(lambda t: keras.ops.tanh(t), output_shape=(n_features,))(inputs)
    x = keras.layers.concatenate([inputs, bent])
    x = keras.layers.Dense(24)(x)
    x = keras.layers.PReLU()(x)
    return keras.Model(inputs, keras.layers.Dense(1)(x))

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss=keras.losses.MeanSquaredError(name="mse"))
    return model

# %% train_model
def batches(x, y, size):
    generator = np.random.default_rng()
    while True:
        order = generator.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            yield x[chosen], y[chosen]


def train_model(model, x, y, epochs=10):
    size = 32
    steps = -(-len(x) // size)
    return model.fit(batches(x, y, size), steps_per_epoch=steps, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    (units,) = model.predict(x, verbose=0).T
    return units * UNIT
