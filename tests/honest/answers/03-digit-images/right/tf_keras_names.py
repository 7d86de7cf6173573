# case: tf_keras_names
# style: everything by its tf.keras name, activations as functions of tf.nn

# %% build_model
import tensorflow as tf


def build_model(image_shape, n_classes):
    model = tf.keras.models.Sequential(
        [
            tf.keras.layers.InputLayer(shape=image_shape),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(100, activation=tf.nn.relu, kernel_initializer="he_normal"),
            tf.keras.layers.Dense(n_classes, activation=tf.nn.softmax),
        ]
    )
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.01),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


# %% train_model
def train_model(model, x, y, x_val, y_val):
    callback = tf.keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    return model.fit(
        x=tf.constant(x),
        y=tf.constant(y),
        epochs=100,
        validation_data=(tf.constant(x_val), tf.constant(y_val)),
        callbacks=[callback],
        verbose=0,
    )


# %% best_epoch
def best_epoch(history):
    return int(tf.argmin(history.history["val_loss"])) + 1


# %% confusion_matrix
def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    predicted = tf.argmax(model(x, training=False), axis=1).numpy()
    matrix = np.empty((n_classes, n_classes), dtype=int)
    for true_class in range(n_classes):
        matrix[true_class] = np.bincount(predicted[y == true_class], minlength=n_classes)
    return matrix
