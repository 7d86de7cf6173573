# case: handmade_squared_error
# style: the loss is the student's own function: mean of (prediction - truth) squared, in keras.ops
# borderline: not Keras's own loss object, but the same number

# %% normalize
def normalize(x_train, x_other):
    mean = np.apply_along_axis(np.mean, 0, x_train)
    std = np.apply_along_axis(np.std, 0, x_train)
    return (x_train - mean) / std, (x_other - mean) / std


# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    for layer in [
        keras.Input((n_features,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(1),
    ]:
        model.add(layer)
    return model


# %% compile_model
def my_mse(y_true, y_pred):
    """(prediction - truth) squared; Keras takes the mean over the samples."""
    truth = keras.ops.reshape(keras.ops.cast(y_true, y_pred.dtype), (-1,))
    prediction = keras.ops.reshape(y_pred, (-1,))
    return keras.ops.square(prediction - truth)


def compile_model(model):
    model.compile(optimizer="sgd", loss=my_mse)
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    return np.hstack(model.predict(x, verbose=0)) * UNIT
