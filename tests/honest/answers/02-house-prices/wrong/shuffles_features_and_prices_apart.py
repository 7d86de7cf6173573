# case: shuffles_features_and_prices_apart
# style: x and y are shuffled by two different permutations before fit
# fails: error_beats_average
# may: loss_goes_down
# says: the network does no better than the average: features and prices no longer belong together; shuffle both by the same order, or let fit do it

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
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["mae"])
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    x_shuffled = np.random.permutation(x)
    y_shuffled = np.random.permutation(y)
    return model.fit(x_shuffled, y_shuffled, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
