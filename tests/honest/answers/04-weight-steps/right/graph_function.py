# case: graph_function
# style: tf.function around the forward and backward pass; tf.* ops throughout

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    @tf.function
    def value_and_gradients(features, truth):
        with tf.GradientTape() as tape:
            value = loss_fn(truth, model(features, training=True))
        return value, tape.gradient(value, model.trainable_weights)

    value, gradients = value_and_gradients(tf.convert_to_tensor(x), tf.convert_to_tensor(y))
    for variable, gradient in zip(model.trainable_weights, gradients):
        variable.assign_sub(tf.multiply(tf.cast(learning_rate, gradient.dtype), gradient))
    return float(value.numpy())

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    features, truth = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    snapshots = [[tf.convert_to_tensor(w).numpy() for w in model.weights]]

    class Snapshot(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append([tf.convert_to_tensor(w).numpy() for w in self.model.weights])

    model.fit(features, truth, epochs=epochs, verbose=0, callbacks=[Snapshot()])
    return snapshots

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizers = tf.keras.optimizers
    if optimizer_name == "sgd":
        optimizer = optimizers.SGD(learning_rate=0.2)
    elif optimizer_name == "momentum":
        optimizer = optimizers.SGD(learning_rate=0.04, momentum=0.9)
    else:
        optimizer = optimizers.Adam(learning_rate=0.02)
    model.compile(optimizer=optimizer, loss=tf.keras.losses.MeanSquaredError())
    return model.fit(tf.convert_to_tensor(x), tf.convert_to_tensor(y), epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    tf.debugging.assert_equal(len(model.layers[0].trainable_weights), 0)
    return model
