# case: tf_ops
# style: everything with tf.*: tf.keras, tf.data pipeline, tf.math.confusion_matrix, tf.linalg.set_diag

# %% build_model
import tensorflow as tf


def build_model(frames, mel_bins, n_words):
    model = tf.keras.models.Sequential(name="words")
    model.add(tf.keras.layers.InputLayer(shape=(frames, mel_bins)))
    model.add(tf.keras.layers.Conv1D(filters=64, kernel_size=5, padding="same", activation=tf.nn.relu))
    model.add(tf.keras.layers.MaxPool1D(pool_size=4, padding="same"))
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(units=64, activation=tf.nn.relu))
    model.add(tf.keras.layers.Dense(units=n_words, activation=tf.nn.softmax))
    return model

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy("accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    dataset = dataset.shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
    dataset = dataset.batch(32).prefetch(tf.data.AUTOTUNE)
    return model.fit(dataset, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    probabilities = tf.convert_to_tensor(model.predict(x, verbose=0))
    n = int(probabilities.shape[1])
    predicted = tf.argmax(probabilities, axis=1)
    matrix = tf.math.confusion_matrix(labels=y, predictions=predicted, num_classes=n)
    matrix = tf.linalg.set_diag(matrix, tf.zeros(n, dtype=matrix.dtype))
    if tf.reduce_max(matrix) == 0:
        return None
    index = int(tf.argmax(tf.reshape(matrix, [-1])))
    return index // n, index % n
