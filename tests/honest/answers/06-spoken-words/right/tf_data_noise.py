# case: tf_data_noise
# style: tf.data with a little noise on every clip; the model also starts with Rescaling

# %% build_model
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Rescaling(scale=0.8, offset=0.1),
        keras.layers.Conv1D(48, 5, padding="same", activation="gelu"),
        keras.layers.MaxPooling1D(2),
        keras.layers.Conv1D(48, 5, padding="same", activation="gelu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.002),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
import tensorflow as tf


def add_noise(clip, word):
    return clip + tf.random.normal(tf.shape(clip), stddev=0.1), word


def train_model(model, x, y, epochs=5):
    data = (
        tf.data.Dataset.from_tensor_slices((x.astype("float32"), y))
        .shuffle(len(y), reshuffle_each_iteration=True)
        .map(add_noise, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(16)
        .prefetch(tf.data.AUTOTUNE)
    )
    return model.fit(data, epochs=epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    predicted = model.predict(x, verbose=0).argmax(axis=1)
    wrong = np.flatnonzero(predicted != y)
    if wrong.size == 0:
        return None
    true, heard = y[wrong], predicted[wrong]
    counts = np.array([np.sum((true == t) & (heard == h)) for t, h in zip(true, heard)])
    # last key is the most important one for lexsort
    first = np.lexsort((heard, true, -counts))[0]
    return int(true[first]), int(heard[first])

