# case: returns_list_of_losses
# style: returns history.history["loss"] instead of the History
# fails: fit_returns_history
# may: fit_runs_every_epoch, loss_goes_down
# says: train_model returns a list of losses; return the History object that fit returns

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
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
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        loss=keras.losses.MeanSquaredError(),
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history.history["loss"]

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
