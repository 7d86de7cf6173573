# case: tf_data_pipeline
# style: fit gets a shuffled tf.data pipeline with labels of shape (n, 1); predict gets one as well

# %% normalize
def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    scaled = [((part - mean) / std).astype("float32") for part in (x_train, x_other)]
    return scaled[0], scaled[1]


# %% build_model
def build_model(n_features):
    stack = [keras.Input((n_features,))]
    stack += [keras.layers.Dense(width, activation="relu") for width in (32,)]
    stack += [keras.layers.Dense(1)]
    return keras.Sequential(stack)


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=1e-2), loss="mse")
    return model


# %% train_model
import tensorflow as tf


def train_model(model, x, y, epochs=10):
    targets = np.reshape(y, (-1, 1))
    data = (
        tf.data.Dataset.from_tensor_slices((x, targets))
        .shuffle(1024, reshuffle_each_iteration=True)
        .batch(16)
        .prefetch(tf.data.AUTOTUNE)
    )
    return model.fit(data, epochs=epochs, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    data = tf.data.Dataset.from_tensor_slices(x).batch(64)
    return np.concatenate([np.asarray(model(batch))[:, 0] for batch in data]) * UNIT
