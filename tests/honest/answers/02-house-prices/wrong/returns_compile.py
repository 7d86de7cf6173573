# case: returns_compile
# style: returns what model.compile returns, which is None
# fails: compile_sets_sgd
# may: compile_loss_is_mse, fit_returns_history, fit_runs_every_epoch, weights_stay_numbers, loss_goes_down, every_weight_changes, error_beats_average

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
    return model.compile(optimizer="sgd", loss="mean_squared_error")

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
