# case: one_mean_for_all_columns
# style: np.mean and np.std without axis=0: one mean and one deviation for the whole table
# fails: normalize_scales_training
# may: normalize_does_not_leak, weights_stay_numbers, loss_goes_down, error_beats_average, every_weight_changes
# says: without axis=0 all columns share one mean and one deviation; each column needs its own

# %% normalize
def normalize(x_train, x_other):
    mean = np.mean(x_train)
    std = np.std(x_train)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["mae"])
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
