# case: functional_api
# style: the functional API instead of Sequential; loss and optimizer as imported names
# borderline: the text says to use keras.Sequential; the model itself is what the docstring asks for

# %% normalize
def normalize(x_train, x_other):
    mu, sigma = np.mean(x_train, axis=0, keepdims=True), np.std(x_train, axis=0, keepdims=True)
    scale = lambda a: (a - mu) / sigma
    return scale(x_train), scale(x_other)


# %% build_model
from keras.layers import Dense, Input
from keras.models import Model


def build_model(n_features):
    inputs = Input(shape=(n_features,), name="features")
    h = Dense(32, activation="relu")(inputs)
    outputs = Dense(1, activation=None)(h)
    return Model(inputs=inputs, outputs=outputs, name="prices")


# %% compile_model
from keras.losses import mean_squared_error
from keras.optimizers import SGD


def compile_model(model):
    model.compile(optimizer=SGD(0.01), loss=mean_squared_error)
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    hist = model.fit(x=x, y=y, epochs=epochs, batch_size=32, shuffle=True, verbose=0)
    print(f"loss {hist.history['loss'][0]:.2f} -> {hist.history['loss'][-1]:.2f}")
    return hist


# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
