# case: tf_everywhere
# style: tf.keras and tf.* ops everywhere, tf.data pipelines for training and validation, tf.math.confusion_matrix

# %% build_model
import tensorflow as tf

def build_model(image_shape, n_classes):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.InputLayer(shape=image_shape))
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(128, activation=tf.nn.relu))
    model.add(tf.keras.layers.Dense(n_classes, activation=tf.nn.softmax))
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
    train_ds = tf.data.Dataset.from_tensor_slices((x, y)).cache().shuffle(len(x)).batch(32).prefetch(tf.data.AUTOTUNE)
    val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(64)
    callback = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(train_ds, validation_data=val_ds, epochs=100, callbacks=[callback], verbose=0)

# %% best_epoch
def best_epoch(history):
    return int(tf.argmin(tf.constant(history.history["val_loss"])).numpy()) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    predictions = tf.argmax(model.predict(x, verbose=0), axis=1)
    matrix = tf.math.confusion_matrix(labels=y, predictions=predictions, num_classes=model.output_shape[-1])
    return matrix.numpy()
