# case: chollet_book
# style: Deep Learning with Python, two layers of 64, -= and /= on copies, input_shape, metrics mae, batch size 16

# %% normalize
def normalize(x_train, x_other):
    train_data = x_train.astype("float32")  # astype makes a copy
    test_data = x_other.astype("float32")
    mean = train_data.mean(axis=0)
    train_data -= mean
    std = train_data.std(axis=0)
    train_data /= std
    test_data -= mean
    test_data /= std
    return train_data, test_data

# %% build_model
from keras import layers, models


def build_model(n_features):
    model = models.Sequential()
    model.add(layers.Dense(64, activation="relu", input_shape=(n_features,)))
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x).flatten() * UNIT
