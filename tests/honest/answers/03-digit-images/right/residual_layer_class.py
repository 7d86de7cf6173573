# case: residual_layer_class
# style: an own Layer class with inner layers; a LambdaCallback with a dictionary as memory

# %% build_model
class ResidualDense(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.first = keras.layers.Dense(units, activation="relu")
        self.second = keras.layers.Dense(units)

    def build(self, input_shape):
        self.first.build(input_shape)
        self.second.build((*input_shape[:-1], self.units))

    def call(self, inputs):
        return keras.ops.relu(inputs + self.second(self.first(inputs)))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(48, activation="relu"),
            ResidualDense(48),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    best = {"loss": float("inf"), "epoch": -1, "weights": model.get_weights()}

    def look(epoch, logs):
        if logs["val_loss"] < best["loss"]:
            best.update(loss=logs["val_loss"], epoch=epoch, weights=model.get_weights())
        elif epoch - best["epoch"] >= 5:
            model.stop_training = True

    history = model.fit(
        x,
        y,
        validation_data=(x_val, y_val),
        epochs=100,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=look)],
        verbose=0,
    )
    model.set_weights(best["weights"])
    return history


# %% best_epoch
def best_epoch(history):
    return np.array(history.history["val_loss"]).argmin().item() + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    says = model.predict(x, verbose=0).argmax(axis=1)
    classes = range(model.output_shape[-1])
    return np.array([[np.sum((y == t) & (says == p)) for p in classes] for t in classes])
