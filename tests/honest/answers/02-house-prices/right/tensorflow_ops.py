# case: tensorflow_ops
# style: tf.* everywhere: tf.nn.moments, tf.keras, tf.squeeze, numpy only at the end

# %% normalize
import tensorflow as tf


def normalize(x_train, x_other):
    x_train = tf.convert_to_tensor(x_train, dtype=tf.float32)
    x_other = tf.convert_to_tensor(x_other, dtype=tf.float32)
    mean, variance = tf.nn.moments(x_train, axes=[0])
    std = tf.sqrt(variance)
    return ((x_train - mean) / std).numpy(), ((x_other - mean) / std).numpy()

# %% build_model
def build_model(n_features):
    return tf.keras.Sequential([
        tf.keras.Input((n_features,)),
        tf.keras.layers.Dense(64, activation=tf.nn.relu),
        tf.keras.layers.Dense(1, activation=None),
    ])

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.SGD(learning_rate=0.01),
        loss=tf.keras.losses.MeanSquaredError(),
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    x = tf.cast(x, tf.float32)
    y = tf.cast(y, tf.float32)
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    units = tf.squeeze(model.predict(x, verbose=0), axis=-1)
    return (units * float(UNIT)).numpy()
