# case: sklearn_sample_weights
# style: comes from scikit-learn: X, params dictionaries with **, uniform sample_weight

# %% compile_model
def compile_model(model):
    params = dict(
        optimizer="rmsprop",
        loss=keras.losses.sparse_categorical_crossentropy,
        metrics=["accuracy"],
    )
    model.compile(**params)
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    X, y = np.asarray(x), np.asarray(y).ravel()
    fit_params = {
        "batch_size": 16,
        "epochs": epochs,
        "sample_weight": np.ones(len(X), dtype="float32"),
        "verbose": 0,
    }
    return model.fit(X, y, **fit_params)

# %% first_layer_weights
def first_layer_weights(model):
    coefs_ = [layer.get_weights()[0] for layer in model.layers if layer.count_params() > 0]
    return np.copy(coefs_[0])

# %% weight_change
def weight_change(before, after):
    scores = [np.abs(np.ravel(b) - np.ravel(a)).max() for b, a in zip(before, after)]
    return np.asarray(scores, dtype=float).tolist()
