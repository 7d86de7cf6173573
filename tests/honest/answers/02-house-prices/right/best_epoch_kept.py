# case: best_epoch_kept
# style: EarlyStopping that can never stop but gives back the best weights; learning rate falls by a callback

# %% normalize
def normalize(x_train, x_other):
    x_mean = x_train.mean(axis=0)
    x_std = np.std(x_train, axis=0, ddof=0)
    result_train, result_other = np.empty(x_train.shape), np.empty(x_other.shape)
    np.divide(x_train - x_mean, x_std, out=result_train)
    np.divide(x_other - x_mean, x_std, out=result_other)
    return result_train, result_other

# %% build_model
def build_model(n_features):
    model = keras.Sequential(name="price_network")
    for layer in (
        keras.Input((n_features,)),
        keras.layers.Dense(8, activation="relu"),
        keras.layers.Dense(8, activation="leaky_relu"),
        keras.layers.Dense(1, activation=None, use_bias=True),
    ):
        model.add(layer)
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.02), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    keep_best = keras.callbacks.EarlyStopping(monitor="loss", patience=epochs, restore_best_weights=True)
    slower = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.98)
    history = model.fit(x, y, epochs=epochs, batch_size=16, callbacks=[keep_best, slower], verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    predictions_in_units = model.predict(x=x, verbose=0)
    number_of_houses, _ = predictions_in_units.shape
    return np.reshape(predictions_in_units * UNIT, (number_of_houses,))
