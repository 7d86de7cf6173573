"""Style: tf.data for training and validation; `from tensorflow import keras`; AveragePooling."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

AUTOTUNE = tf.data.AUTOTUNE


def build_model(image_shape, n_classes):
    return keras.Sequential([
        keras.Input(shape=image_shape),
        layers.Conv2D(24, kernel_size=(3, 3), activation='relu', padding='same'),
        layers.AveragePooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dense(n_classes, activation='softmax'),
    ])


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.02),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=['accuracy'],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    train_ds = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .cache()
        .shuffle(buffer_size=1000, reshuffle_each_iteration=True)
        .batch(32)
        .prefetch(AUTOTUNE)
    )
    val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(64).prefetch(AUTOTUNE)
    es = tf.keras.callbacks.EarlyStopping(
        monitor='val_loss', patience=10, restore_best_weights=True
    )
    return model.fit(train_ds, validation_data=val_ds, epochs=100, callbacks=[es], verbose=0)


def best_epoch(history):
    return int(np.nanargmin(history.history['val_loss'])) + 1


def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    probs = np.concatenate([model(batch, training=False).numpy() for batch in np.array_split(x, 4) if len(batch)])
    pred = probs.argmax(1)
    m = np.zeros((n, n), int)
    for true_class in range(n):
        for answer in pred[np.asarray(y) == true_class]:
            m[true_class][answer] += 1
    return m
