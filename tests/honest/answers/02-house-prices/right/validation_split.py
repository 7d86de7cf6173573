# case: validation_split
# style: holds back a tenth of the training houses for a validation loss, verbose=2

# %% normalize
def normalize(x_train, x_other):
    stats = {"mean": np.mean(x_train, axis=0), "std": np.std(x_train, axis=0)}
    normed_train = (x_train - stats["mean"]) / stats["std"]
    normed_other = (x_other - stats["mean"]) / stats["std"]
    return normed_train, normed_other

# %% build_model
from keras.layers import Dense
from keras.models import Sequential


def build_model(n_features):
    model = Sequential([keras.Input((n_features,)), Dense(64, activation="relu"), Dense(1, activation="linear")])
    return model

# %% compile_model
def compile_model(model):
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["mean_absolute_error"])
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, validation_split=0.1, verbose=2)
    return history

# %% predict_prices
def predict_prices(model, x):
    test_predictions = model.predict(x).flatten()
    return test_predictions * UNIT
