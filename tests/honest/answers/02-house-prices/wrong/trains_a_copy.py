# case: trains_a_copy
# style: trains a clone "so that the original stays clean"; the model that was passed never learns
# fails: loss_goes_down, every_weight_changes, error_beats_average
# may: fit_returns_history, fit_runs_every_epoch

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
def build_model(n_features):
    return keras.Sequential([
        keras.Input((n_features,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(1),
    ])

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    model = keras.models.clone_model(model)
    model.compile(optimizer="sgd", loss="mse")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
