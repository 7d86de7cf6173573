"""Style: subclass of keras.Model with functional __init__; LearningRateScheduler warm-up."""
import keras
import numpy as np


class Reader(keras.Model):
    """A functional model in a class of its own."""

    def __init__(self, image_shape, n_classes, filters=(8, 16)):
        inputs = keras.Input(shape=image_shape)
        z = inputs
        for f in filters:
            z = keras.layers.Conv2D(f, 3, padding="same", activation="selu")(z)
        z = keras.layers.MaxPool2D()(z)
        z = keras.layers.Flatten()(z)
        outputs = keras.layers.Dense(n_classes, activation="softmax")(z)
        super().__init__(inputs=inputs, outputs=outputs)


def build_model(image_shape, n_classes):
    return Reader(image_shape, n_classes)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.get({"class_name": "Adam", "config": {"learning_rate": 0.01}}),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top2")],
    )
    return model


def warm_up(epoch, rate):
    return min(0.01, 0.004 * (epoch + 1))


def train_model(model, x, y, x_val, y_val):
    best = keras.callbacks.EarlyStopping("val_loss", patience=100, restore_best_weights=True)
    return model.fit(
        x,
        y,
        epochs=45,
        validation_data=(x_val, y_val),
        callbacks=[keras.callbacks.LearningRateScheduler(warm_up), best],
        verbose=0,
    )


def best_epoch(history):
    # history.epoch counts from 0
    losses = history.history["val_loss"]
    return history.epoch[int(np.argmin(losses))] + 1


def confusion_matrix(model, x, y):
    classes = np.arange(model.output_shape[-1])
    answers = np.take(classes, model.predict(x, verbose=0).argmax(axis=1))
    rows = []
    for t in classes:
        of_this_class = answers[np.flatnonzero(y == t)]
        rows.append([np.count_nonzero(of_this_class == p) for p in classes])
    return np.array(rows)
