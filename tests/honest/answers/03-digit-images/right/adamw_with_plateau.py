"""Style: AdamW, plus ReduceLROnPlateau beside EarlyStopping; separable convolutions."""
# borderline: AdamW is Adam with weight decay (in Keras a subclass of Adam)
import keras
import numpy as np
from keras.callbacks import EarlyStopping, ReduceLROnPlateau


def build_model(image_shape, n_classes):
    return keras.Sequential([
        keras.Input(shape=image_shape),
        keras.layers.SeparableConv2D(32, 3, activation="relu", padding="same"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=0.01, weight_decay=0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    callbacks = [
        ReduceLROnPlateau(monitor="val_loss", factor=0.7, patience=4, min_lr=1e-3),
        EarlyStopping(monitor="val_loss", patience=8, restore_best_weights=True),
    ]
    return model.fit(x, y, epochs=100, batch_size=24, validation_data=(x_val, y_val), callbacks=callbacks, verbose=0)


def best_epoch(history):
    # np.argmin gives a NumPy integer
    return np.argmin(history.history["val_loss"]) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = model.predict(x, verbose=0).argmax(axis=-1)
    cm = np.zeros(shape=(n_classes, n_classes), dtype="float64")
    for i in range(len(y)):
        cm[y[i], y_pred[i]] += 1
    return cm.astype("int64")
