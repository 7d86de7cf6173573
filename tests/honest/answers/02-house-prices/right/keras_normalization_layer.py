# case: keras_normalization_layer
# style: keras.layers.Normalization with adapt does the scaling; predictions through model.predict_on_batch

# %% normalize
def normalize(x_train, x_other):
    normalizer = keras.layers.Normalization(axis=-1)
    normalizer.adapt(np.array(x_train))
    return np.array(normalizer(x_train)), np.array(normalizer(x_other))


# %% build_model
from keras import layers


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            layers.Dense(24, activation="relu", name="hidden"),
            layers.Dense(1, name="price"),
        ],
        name="house_prices",
    )


# %% compile_model
def compile_model(model):
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["mae"])
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    units = np.asarray(model.predict_on_batch(x))
    return units.reshape(-1) * UNIT
