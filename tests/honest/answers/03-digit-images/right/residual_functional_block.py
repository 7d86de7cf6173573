# case: residual_functional_block
# style: a residual block by the functional API as one part of the Sequential; tf.data

# %% build_model
from keras import layers


def residual_features(image_shape, filters):
    inputs = keras.Input(shape=image_shape)
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(inputs)
    shortcut = x
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.add([x, shortcut])
    outputs = layers.Activation("relu")(x)
    return keras.Model(inputs, outputs, name="features")


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(shape=image_shape),
            residual_features(image_shape, filters=16),
            layers.MaxPooling2D(2, padding="same"),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.005),
        loss=keras.losses.sparse_categorical_crossentropy,
        metrics=["accuracy"],
    )
    return model


# %% train_model
import tensorflow as tf


def train_model(model, x, y, x_val, y_val):
    training = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(32).prefetch(1)
    validation = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(32)
    stopper = keras.callbacks.EarlyStopping("val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        training, validation_data=validation, epochs=100, callbacks=[stopper], verbose=0
    )


# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    return sorted(range(len(losses)), key=losses.__getitem__)[0] + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    predictions = tf.argmax(model.predict(x, verbose=0), axis=1)
    return tf.math.confusion_matrix(y, predictions, num_classes=model.output_shape[-1]).numpy()
