# case: all_weights_then_choose
# style: no early stopping: a fixed number of epochs, all weights kept, the best chosen at the end

# %% build_model
import math


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Reshape((math.prod(image_shape),)),
            keras.layers.Dense(64, "relu"),
            keras.layers.Dense(n_classes, "softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    adam = keras.optimizers.Adam()
    adam.learning_rate = 0.02
    model.compile(adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
class Recorder(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.all_weights = []

    def on_epoch_end(self, epoch, logs=None):
        self.all_weights.append(self.model.get_weights())


def train_model(model, x, y, x_val, y_val):
    recorder = Recorder()
    history = model.fit(
        x, y, epochs=35, validation_data=(x_val, y_val), callbacks=[recorder], verbose=0
    )
    best = np.argmin(history.history["val_loss"])
    model.set_weights(recorder.all_weights[best])
    return history


# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    epoch = 1
    while losses[epoch - 1] > min(losses):
        epoch += 1
    return epoch


# %% confusion_matrix
def confusion_matrix(model, x, y):
    classes = np.arange(model.output_shape[-1])
    says = model.predict(x, verbose=0).argmax(axis=1)
    is_true = y[:, np.newaxis, np.newaxis] == classes[:, np.newaxis]
    is_said = says[:, np.newaxis, np.newaxis] == classes
    return np.sum(is_true & is_said, axis=0)
