# case: tf_alias_objects
# style: everything through tf.keras and tf functions, objects for loss, optimizer and initializer

# %% normalize
import tensorflow as tf


def normalize(x_train, x_other):
    x_train = tf.convert_to_tensor(x_train, dtype=tf.float32)
    x_other = tf.convert_to_tensor(x_other, dtype=tf.float32)
    mean = tf.reduce_mean(x_train, axis=0)
    deviation = tf.math.reduce_std(x_train, axis=0)
    return ((x_train - mean) / deviation).numpy(), ((x_other - mean) / deviation).numpy()


# %% build_model
def build_model(n_features):
    return tf.keras.models.Sequential(
        [
            tf.keras.layers.Input(shape=(n_features,)),
            tf.keras.layers.Dense(
                units=16,
                activation=tf.nn.relu,
                kernel_initializer=tf.keras.initializers.GlorotNormal(),
            ),
            tf.keras.layers.Dense(units=1),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.SGD(learning_rate=0.01),
        loss=tf.keras.losses.MeanSquaredError(),
        metrics=[tf.keras.metrics.RootMeanSquaredError(name="rmse")],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=2)
    return history


# %% predict_prices
def predict_prices(model, x):
    units = tf.squeeze(model.predict(x, verbose=0), axis=-1)
    return (units * UNIT).numpy()
