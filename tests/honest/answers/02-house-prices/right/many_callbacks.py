# case: many_callbacks
# style: fit with callbacks: ReduceLROnPlateau on the loss, TerminateOnNaN and a class of its own that prints

# %% normalize
def normalize(x_train, x_other):
    eps = 1e-8
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0) + eps
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(40))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.SGD(learning_rate=0.02)
    model.compile(loss="mse", optimizer=opt, metrics=["mae", "mape"])
    return model

# %% train_model
class PrintEveryTenth(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % 10 == 0:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.3f}")


def train_model(model, x, y, epochs=10):
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=5, min_lr=0.001),
        keras.callbacks.TerminateOnNaN(),
        PrintEveryTenth(),
    ]
    return model.fit(x, y, epochs=epochs, callbacks=callbacks, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    predicted_units = model.predict(x, verbose=0)
    return predicted_units.ravel() * UNIT
