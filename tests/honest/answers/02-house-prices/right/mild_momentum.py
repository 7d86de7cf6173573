# case: mild_momentum
# style: SGD with a little momentum and a small learning rate
# borderline: the text calls the optimizer plain SGD; this is keras.optimizers.SGD with momentum=0.5

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return [(x - mean) / std for x in (x_train, x_other)]


# %% build_model
def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, use_bias=True),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.005, momentum=0.5),
        loss="mean_squared_error",
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).squeeze(-1) * UNIT
