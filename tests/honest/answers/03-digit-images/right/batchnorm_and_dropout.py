"""Style: the Kaggle MNIST recipe (Conv, BatchNormalization, Dropout), with a separate softmax Activation layer."""
import keras
import numpy as np
from keras.callbacks import EarlyStopping
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten
from keras.models import Sequential
from keras.optimizers import Adam


def build_model(image_shape, n_classes):
    model = Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(Conv2D(32, (3, 3), padding="same", use_bias=False))
    model.add(BatchNormalization(momentum=0.8))
    model.add(Activation("relu"))
    model.add(Flatten())
    model.add(Dropout(0.4))
    model.add(Dense(64, activation="relu"))
    model.add(Dense(n_classes))
    model.add(Activation("softmax"))
    return model


def compile_model(model):
    model.compile(optimizer=Adam(learning_rate=0.003), loss="sparse_categorical_crossentropy", metrics=["acc"])
    return model


def train_model(model, x, y, x_val, y_val):
    es = EarlyStopping(monitor="val_loss", mode="min", patience=10, restore_best_weights=True)
    history = model.fit(x, y, batch_size=32, epochs=100, validation_data=(x_val, y_val), callbacks=[es], verbose=0)
    return history


def best_epoch(history):
    return np.argmin(history.history["val_loss"]).item() + 1


def confusion_matrix(model, x, y):
    classes = range(model.output_shape[-1])
    pred = np.argmax(model.predict(x, verbose=0), axis=1)
    return np.stack([np.bincount(pred[y == c], minlength=len(classes)) for c in classes])
