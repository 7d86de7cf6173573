# case: inverse_time_decay
# style: learning rate schedule InverseTimeDecay inside plain SGD; named constants

# %% normalize
def normalize(x_train, x_other):
    center = np.average(x_train, axis=0)
    spread = np.sqrt(np.var(x_train, axis=0))
    return (x_train - center) / spread, (x_other - center) / spread


# %% build_model
HIDDEN_UNITS = 24


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(HIDDEN_UNITS, activation=keras.activations.relu),
            keras.layers.Dense(1),
        ]
    )


# %% compile_model
FIRST_RATE = 0.015


def compile_model(model):
    schedule = keras.optimizers.schedules.InverseTimeDecay(
        initial_learning_rate=FIRST_RATE, decay_steps=200, decay_rate=0.5
    )
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=schedule),
        loss=keras.losses.MeanSquaredError(reduction="sum_over_batch_size"),
    )
    return model


# %% train_model
BATCH_SIZE = 16


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=BATCH_SIZE, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    return np.multiply(model.predict(x, batch_size=128, verbose=0).T[0], UNIT)
