"""Style: an own loss function with label smoothing for the class numbers; Rescaling layer first."""
# borderline: not the loss of the first training, but a cross-entropy that fits class numbers (with smoothing)
import keras
import numpy as np
from keras import ops


def smooth_crossentropy(y_true, y_pred):
    n_classes = y_pred.shape[-1]
    numbers = ops.cast(ops.reshape(y_true, (-1,)), "int32")
    one_hot = ops.one_hot(numbers, n_classes)
    return keras.losses.categorical_crossentropy(one_hot, y_pred, label_smoothing=0.05)


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Rescaling(2.0, offset=-1.0),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.01), loss=smooth_crossentropy, metrics=["accuracy"]
    )
    return model


def train_model(model, x, y, x_val, y_val):
    return model.fit(
        x,
        y,
        epochs=100,
        validation_data=[x_val, y_val],
        callbacks=[keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)],
        verbose=0,
    )


def best_epoch(history):
    return int(ops.argmin(ops.array(history.history["val_loss"]))) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    truth = ops.one_hot(y, n_classes, dtype="int32")
    answers = ops.one_hot(ops.argmax(model.predict(x, verbose=0), axis=1), n_classes, dtype="int32")
    return ops.convert_to_numpy(ops.matmul(ops.transpose(truth), answers))
