# case: defensive_asserts
# style: very defensive: asserts, checks of shapes and of nan, a guard against constant columns

# %% normalize
def normalize(x_train, x_other):
    x_train = np.asarray(x_train, dtype=np.float64)
    x_other = np.asarray(x_other, dtype=np.float64)
    assert x_train.ndim == 2 and x_other.ndim == 2, "expected one row for each house"
    assert x_train.shape[1] == x_other.shape[1], "both need the same features"
    mean = x_train.mean(axis=0)
    deviation = x_train.std(axis=0)
    safe_deviation = np.where(deviation > 0, deviation, 1.0)
    scaled_train = (x_train - mean) / safe_deviation
    scaled_other = (x_other - mean) / safe_deviation
    assert scaled_train.shape == x_train.shape
    assert scaled_other.shape == x_other.shape
    return scaled_train, scaled_other

# %% build_model
def build_model(n_features):
    if n_features < 1:
        raise ValueError(f"a house needs at least one feature, not {n_features}")
    model = keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    assert model.input_shape == (None, n_features)
    assert model.output_shape == (None, 1)
    return model

# %% compile_model
def compile_model(model):
    assert isinstance(model, keras.Model)
    model.compile(optimizer="sgd", loss="mse")
    assert model.optimizer is not None
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    if len(x) != len(y):
        raise ValueError("each house needs a price")
    if epochs < 1:
        raise ValueError("train for at least one epoch")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    if not np.all(np.isfinite(history.history["loss"])):
        print("Warning: the loss is not a number, the learning rate may be too large")
    return history

# %% predict_prices
def predict_prices(model, x):
    output = model.predict(x, verbose=0)
    assert output.ndim == 2 and output.shape[1] == 1
    prices = output[:, 0] * UNIT
    assert prices.shape == (len(x),)
    return prices
