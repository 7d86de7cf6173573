# case: data_pipeline
# style: everything goes through tf.data.Dataset, also the single step (one batch with all samples)

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    everything = tf.data.Dataset.from_tensor_slices((x, y)).batch(len(x))
    for features, truth in everything.take(1):
        with tf.GradientTape() as tape:
            loss = loss_fn(truth, model(features))
        gradients = tape.gradient(loss, model.trainable_weights)
        for weight, gradient in zip(model.trainable_weights, gradients):
            weight.assign_sub(learning_rate * gradient)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    train_data = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
        .batch(32)
        .prefetch(tf.data.AUTOTUNE)
    )
    snapshots = [model.get_weights()]

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            snapshots.append(self.model.get_weights())

    model.fit(train_data, epochs=epochs, callbacks=[Watch()], verbose=0)
    return snapshots

# %% train_with
BATCH_SIZE = 32
AUTOTUNE = tf.data.AUTOTUNE


def make_dataset(x, y):
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).cache()
    return dataset.shuffle(len(x), seed=0).batch(BATCH_SIZE).prefetch(AUTOTUNE)


def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "adam":
        optimizer = keras.optimizers.Adam(learning_rate=0.01)
    else:
        momentum = 0.9 if optimizer_name == "momentum" else 0.0
        optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=momentum)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(make_dataset(x, y), epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    for layer in model.layers[1:]:
        layer.trainable = True
    return model
