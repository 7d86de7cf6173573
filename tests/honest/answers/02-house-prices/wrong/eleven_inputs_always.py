# case: eleven_inputs_always
# style: keras.Input((11,)) although the argument is n_features
# fails: build_model_fits
# may: fit_returns_history, fit_runs_every_epoch, weights_stay_numbers, loss_goes_down, every_weight_changes, prices_are_in_currency, error_beats_average, compile_sets_sgd, compile_loss_is_mse
# says: the model takes 11 features whatever n_features is; write keras.Input((n_features,))

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
            keras.Input((11,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
