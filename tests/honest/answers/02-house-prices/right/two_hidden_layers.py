# case: two_hidden_layers
# style: two hidden layers and a smaller learning rate

# %% normalize
def normalize(x_train, x_other):
    mean = np.mean(x_train, axis=0)
    std = np.std(x_train, axis=0)
    x_train_norm = (x_train - mean) / (std + 1e-8)
    x_other_norm = (x_other - mean) / (std + 1e-8)
    return x_train_norm, x_other_norm


# %% build_model
def build_model(n_features):
    model = keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu", name="hidden_1"),
            keras.layers.Dense(16, activation="relu", name="hidden_2"),
            keras.layers.Dense(1, name="output"),
        ]
    )
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.005),
        loss="mse",
        metrics=["mae", "mse"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    return (model.predict(x, verbose=0) * UNIT).flatten()
