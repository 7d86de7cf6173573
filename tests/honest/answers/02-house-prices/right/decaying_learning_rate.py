# case: decaying_learning_rate
# style: SGD with a learning-rate schedule (ExponentialDecay), constants at the top

# %% normalize
AXIS = 0


def normalize(x_train, x_other):
    mean = np.mean(x_train, AXIS)
    std = np.std(x_train, AXIS)
    out = []
    for features in (x_train, x_other):
        out.append((features - mean) / std)
    return out[0], out[1]

# %% build_model
HIDDEN_UNITS = 32


def build_model(n_features):
    model = keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(HIDDEN_UNITS, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    return model

# %% compile_model
FIRST_RATE = 0.03
DECAY_STEPS = 100
DECAY_RATE = 0.9


def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=FIRST_RATE, decay_steps=DECAY_STEPS, decay_rate=DECAY_RATE
    )
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=schedule), loss="mean_squared_error")
    return model

# %% train_model
BATCH_SIZE = 32


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).squeeze(axis=1) * UNIT
