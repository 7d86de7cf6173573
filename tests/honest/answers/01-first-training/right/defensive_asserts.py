# case: defensive_asserts
# style: very defensive: isinstance, shapes, dtypes, finite loss; asserts everywhere

# %% compile_model
def compile_model(model):
    assert isinstance(model, keras.Model), "need a Keras model"
    assert len(model.layers) > 0, "the model is empty"
    model.compile(
        optimizer="sgd",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    assert model.optimizer is not None
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    assert isinstance(model, keras.Model)
    assert x.ndim == 2 and x.shape[1] == 3, f"x has shape {x.shape}"
    assert y.ndim == 1 and len(x) == len(y), f"y has shape {y.shape}"
    assert set(np.unique(y)) <= {0, 1}, "labels must be 0 or 1"
    assert isinstance(epochs, int) and epochs > 0
    history = model.fit(x, y, epochs=epochs, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])
    assert isinstance(history, keras.callbacks.History)
    assert len(history.history["loss"]) == epochs
    return history

# %% first_layer_weights
def first_layer_weights(model):
    assert isinstance(model, keras.Model)
    for layer in model.layers:
        weights = layer.get_weights()
        if not weights:
            continue
        kernel = np.array(weights[0])
        assert kernel.ndim == 2, "expected (inputs, units)"
        return kernel
    raise AssertionError("no layer with weights")

# %% weight_change
def weight_change(before, after):
    assert len(before) == len(after), "not the same number of arrays"
    result = []
    for old, new in zip(before, after):
        assert old.shape == new.shape, "shapes differ"
        value = float(np.abs(new - old).max())
        assert np.isfinite(value) and value >= 0
        result.append(value)
    return result
