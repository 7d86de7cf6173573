# case: tf_data_pipeline
# style: trains from a tf.data pipeline, predicts from one too

# %% normalize
def normalize(x_train, x_other):
    center, spread = x_train.mean(axis=0), x_train.std(axis=0)
    return tuple((x - center) / spread for x in (x_train, x_other))

# %% build_model
def build_model(n_features):
    model = keras.models.Sequential(name="houses")
    model.add(keras.layers.Input(shape=(n_features,)))
    model.add(keras.layers.Dense(48, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    model.compile(keras.optimizers.SGD(0.02), "mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    import tensorflow as tf

    dataset = (
        tf.data.Dataset.from_tensor_slices((np.float32(x), np.float32(y)))
        .shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
        .batch(32)
        .prefetch(tf.data.AUTOTUNE)
    )
    return model.fit(dataset, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices(np.float32(x)).batch(64)
    return model.predict(dataset, verbose=0).reshape(-1) * UNIT
