# case: tf_ops_everywhere
# style: tf.keras and tf.* operations instead of keras and NumPy, imports inside the functions

# %% compile_model
def compile_model(model):
    import tensorflow as tf

    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.002),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    import tensorflow as tf

    features = tf.convert_to_tensor(x, dtype=tf.float32)
    labels = tf.cast(y, tf.int32)
    return model.fit(features, labels, epochs=epochs)

# %% first_layer_weights
def first_layer_weights(model):
    import tensorflow as tf

    for layer in model.layers:
        if len(layer.weights) == 0:
            continue
        kernel = tf.identity(tf.convert_to_tensor(layer.weights[0]))
        return kernel.numpy()
    raise ValueError("no layer has weights")

# %% weight_change
def weight_change(before, after):
    import tensorflow as tf

    result = []
    for old, new in zip(before, after):
        difference = tf.cast(new, tf.float64) - tf.cast(old, tf.float64)
        result.append(float(tf.reduce_max(tf.abs(difference)).numpy()))
    return result
