# case: learning_rate_two
# style: SGD(learning_rate=2.0), to learn faster
# fails: weights_stay_numbers, error_beats_average
# may: loss_goes_down, every_weight_changes, fit_runs_every_epoch, fit_returns_history, prices_are_in_currency
# says: the weights are nan: the steps are too large; lower the learning rate to about 0.01

# %% normalize
def normalize(x_train, x_other):
    mu = np.mean(x_train, axis=0)
    sigma = np.std(x_train, axis=0)
    x_train_scaled = (x_train - mu) / sigma
    x_other_scaled = (x_other - mu) / sigma
    return x_train_scaled, x_other_scaled

# %% build_model
def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=2.0), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
