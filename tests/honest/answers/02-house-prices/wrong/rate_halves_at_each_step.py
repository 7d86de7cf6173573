# case: rate_halves_at_each_step
# style: ExponentialDecay with decay_steps=1, taken for one epoch: the rate halves after each batch
# fails: error_beats_average
# may: loss_goes_down, every_weight_changes
# says: decay_steps counts batches, not epochs, so the learning rate is almost 0 after a few steps and the network stops learning

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
    # halve the learning rate after every epoch
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=1, decay_rate=0.5)
    model.compile(optimizer=keras.optimizers.SGD(schedule), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
