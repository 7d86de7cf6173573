# case: momentum
# style: SGD with momentum 0.9: not the plain rule that the text gives
# fails: compile_sets_sgd
# may: weights_stay_numbers, loss_goes_down, every_weight_changes, error_beats_average
# borderline: the class is SGD and its first step is the plain one; but the text says plain SGD and gives the rule

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
    optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
