# case: rate_scheduler_callback
# style: LearningRateScheduler with a lambda and a Callback subclass that prints; nothing stops early

# %% normalize
def normalize(x_train, x_other):
    m = x_train.mean(axis=0)
    s = x_train.std(axis=0)
    new_train = x_train.copy()
    new_other = x_other.copy()
    new_train -= m
    new_train /= s
    new_other -= m
    new_other /= s
    return new_train, new_other


# %% build_model
def build_model(n_features):
    return keras.Sequential(
        (
            keras.Input((n_features,)),
            keras.layers.Dense(32, "relu"),
            keras.layers.Dense(1),
        )
    )


# %% compile_model
def compile_model(model):
    model.compile("sgd", "mse")
    return model


# %% train_model
class PrintEveryTenth(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch % 10 == 9:
            print(epoch + 1, (logs or {}).get("loss"))


def train_model(model, x, y, epochs=10):
    slower = keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.98)
    return model.fit(
        x, y, epochs=epochs, batch_size=16, callbacks=[slower, PrintEveryTenth()], verbose=0
    )


# %% predict_prices
def predict_prices(model, x):
    prediction = model.predict(x, verbose=0)
    prediction *= UNIT
    return prediction.reshape(len(x))
